"""Profiles for clusters: what their options are, and that they fit what the rules request."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from helpers.checkout import ROOT
from runsieve.layout import JOBS

pytestmark = pytest.mark.workflow

# Options and resources of snakemake-executor-plugin-htcondor 0.3.0, copied from its source: the
# plugin needs the libraries of HTCondor, which are no dependency of this project.
HTCONDOR_OPTIONS = {"htcondor-jobdir", "htcondor-shared-fs-prefixes", "htcondor-held-timeout"}
HTCONDOR_RESOURCES = {
    *("universe", "container_image", "job_wrapper", "environment", "getenv"),
    *("preserve_relative_paths", "stream_output", "stream_error"),
    *("input", "max_materialize", "max_idle", "max_retries", "retry_until"),
    *("rank", "requirements", "request_disk", "request_memory"),
    *("htcondor_request_mem_mb", "htcondor_request_disk_mb", "htcondor_gpus_min_mem_mb"),
    *("htcondor_transfer_input_files", "htcondor_transfer_output_files"),
    *("request_gpus", "require_gpus", "cuda_version", "gpus_minimum_capability"),
    *("gpus_minimum_memory", "gpus_minimum_runtime"),
    *("allowed_execute_duration", "allowed_job_duration"),
}
STANDARD = {"mem_mb", "disk_mb", "runtime", "gpu"}
SBATCH = ROOT / "profiles/slurm/bin/sbatch"


def profile(name: str) -> dict:
    return yaml.safe_load((ROOT / f"profiles/{name}/profile.yaml").read_text())


def commented(name: str) -> dict:
    """The profile with the settings that it holds as comments, which are indented by one space."""
    text = (ROOT / f"profiles/{name}/profile.yaml").read_text()
    return yaml.safe_load(re.sub(r"^( *)# ( *[\w-]+: *[\w ]*(?:#.*)?)$", r"\1\2", text, flags=re.M))


def options() -> set[str]:
    """Of Snakemake and the plugins that are installed, without the dashes."""
    command = [sys.executable, "-m", "snakemake", "--help"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return set(re.findall(r"--([a-z][a-z-]+)", done.stdout))


def test_options_of_all_profiles_exist():
    known = options() | HTCONDOR_OPTIONS
    for name in ("default", "slurm", "htcondor"):
        assert set(profile(name)) <= known, name


def test_resources_of_htcondor_exist():
    content = profile("htcondor")
    named = set(content["default-resources"])
    for rule, resources in content["set-resources"].items():
        assert rule in JOBS
        named |= set(resources)
    assert named <= HTCONDOR_RESOURCES | STANDARD


def test_htcondor_requests_the_memory_of_every_rule():
    """At the first attempt: the plugin does not look at mem_mb."""
    content = profile("htcondor")
    requested = {}
    for path in sorted((ROOT / "rules").glob("*.smk")):
        for text in re.split(r"^rule ", path.read_text(), flags=re.M)[1:]:
            if found := re.search(r"mem_mb=(?:lambda .*: )?(\d+)", text):
                requested[re.match(r"\w+", text)[0]] = int(found[1])
    assert len(requested) > 20
    default = content["default-resources"]["htcondor_request_mem_mb"]
    for rule, needed in requested.items():
        given = content["set-resources"].get(rule, {}).get("htcondor_request_mem_mb", default)
        assert int(given.split()[0]) >= needed, rule


def test_rules_that_read_events_request_more_memory_at_each_attempt():
    """All but those that read a few tables."""
    fixed = set()
    for path in sorted((ROOT / "rules").glob("*.smk")):
        fixed |= set(
            re.findall(r"^rule (\w+):(?:(?!^rule ).)*?mem_mb=\d", path.read_text(), re.M | re.S)
        )
    assert fixed == {
        *("draw_training", "draw_sample", "draw_learning_curve", "draw_explanation"),
        *("compare_models", "write_provenance", "summarise_resources", "summarise_search"),
    }


def test_what_is_commented_out_in_the_profile_of_slurm_is_accepted(tmp_path):
    content = commented("slurm")
    assert content["set-resources"]["train_network"]["gpu"] == 1
    assert content["default-resources"]["slurm_account"] == "myaccount"
    path = tmp_path / "profile.yaml"
    path.write_text(yaml.safe_dump(content))
    command = [
        sys.executable,
        "-m",
        "snakemake",
        "--workflow-profile",
        str(path),
        "--dry-run",
        "-F",
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_limits_of_the_profile_hold_for_each_job():
    """A limit without a local scope would be one for all jobs together."""
    content = profile("slurm")
    scopes = content["set-resource-scopes"]
    assert set(content["resources"]) == set(scopes)
    assert set(scopes.values()) == {"local"}
    assert set(content["groups"]) <= set(JOBS)
    runs = content["group-components"][content["groups"]["select_events"]]
    assert runs * 15 <= content["resources"]["runtime"]


def submit(folder: Path, text: str, **variables: str) -> subprocess.CompletedProcess:
    """The profile's sbatch, in front of a made one."""
    (folder / "bin").mkdir()
    for name in ("sbatch", "squeue"):
        path = folder / "bin" / name
        path.write_text(f"#!/bin/sh\n{text if name == 'sbatch' else 'cat queue'}\n")
        path.chmod(0o755)
    command = [SBATCH, "--job-name", "run", "--comment", "rule_a wildcards 1", "--wrap", "true"]
    path = os.pathsep.join([str(SBATCH.parent), str(folder / "bin"), os.environ["PATH"]])
    environment = {"PATH": path, "RUNSIEVE_PAUSE": "0", **variables}
    return subprocess.run(
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )


FAILING = """
echo x >> tried
test $(wc -l < tried) -gt 3 && echo 17 && exit
echo "sbatch: error: Batch job submission failed: {message}" >&2
exit 1
"""


def test_submission_waits_while_slurm_does_not_answer(tmp_path):
    message = "Unable to contact slurm controller (connect failure)"
    done = submit(tmp_path, FAILING.format(message=message))
    assert (done.returncode, done.stdout, done.stderr) == (0, "17\n", "")
    assert (tmp_path / "tried").read_text().count("x") == 4


def test_submission_gives_up_at_last(tmp_path):
    message = "Unable to contact slurm controller (connect failure)"
    done = submit(tmp_path, FAILING.format(message=message), RUNSIEVE_PATIENCE="-1")
    assert done.returncode == 1
    assert message in done.stderr
    assert (tmp_path / "tried").read_text().count("x") == 1


def test_a_refused_job_is_refused_at_once(tmp_path):
    message = "Requested time limit is invalid (missing or exceeds some limit)"
    done = submit(tmp_path, FAILING.format(message=message))
    assert done.returncode == 1
    assert message in done.stderr
    assert (tmp_path / "tried").read_text().count("x") == 1


def test_a_job_that_was_accepted_before_the_silence_is_not_submitted_twice(tmp_path):
    (tmp_path / "queue").write_text("4|rule_b wildcards 1\n5|rule_a wildcards 1\n")
    done = submit(tmp_path, FAILING.format(message="Socket timed out on send/recv operation"))
    assert (done.returncode, done.stdout) == (0, "5\n")
    assert (tmp_path / "tried").read_text().count("x") == 1


@pytest.mark.parametrize(("patience", "asked"), [("60", 3), ("0", 1)])
def test_a_step_starts_when_slurm_answers_or_after_an_hour(tmp_path, patience, asked):
    (tmp_path / "bin").mkdir()
    texts = {
        "scontrol": "echo x >> asked; test $(wc -l < asked) -gt 2 && echo UP",
        "srun": "echo $*",
    }
    for name, text in texts.items():
        (tmp_path / "bin" / name).write_text(f"#!/bin/sh\n{text}\n")
        (tmp_path / "bin" / name).chmod(0o755)
    path = os.pathsep.join([str(SBATCH.parent), str(tmp_path / "bin"), os.environ["PATH"]])
    done = subprocess.run(
        [SBATCH.with_name("srun"), "-n1", "a job"],
        cwd=tmp_path,
        env={"PATH": path, "RUNSIEVE_PAUSE": "0", "RUNSIEVE_PATIENCE": patience},
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "-n1 a job\n", "")
    assert (tmp_path / "asked").read_text().count("x") == asked
