"""The workflow on a real Slurm, undisturbed and disturbed, ends like the local one."""

import os
import shutil
import signal
from collections.abc import Iterator

import pytest

from helpers.checkout import Checkout
from helpers.recovery import SCORES, Running, different, processes, scripts, small_checkout, text
from helpers.slurm import LITTLE, Slurm, missing

# Two runs selected together, a sample, a digest of a column, an array, two fits and two scores.
JOBS = 8

pytestmark = [
    pytest.mark.workflow,
    pytest.mark.skipif(bool(missing()), reason=missing()),
]

FOLDERS = ("events", "samples", "models", "tests")
LOST = ("FAILED", "OUT_OF_MEMORY")
# As the profile has it, but for the site, and for checks that come sooner.
SITE = (
    "--workflow-profile=profiles/slurm",
    "--slurm-init-seconds-before-status-checks=3",
    "--latency-wait=5",
)


@pytest.fixture(scope="module")
def slurm() -> Iterator[Slurm]:
    cluster = Slurm()
    try:
        cluster.start()
    except (OSError, TimeoutError) as error:
        cluster.stop()
        pytest.skip(f"no Slurm can be started here: {error}")
    yield cluster
    cluster.stop()


def start(checkout: Checkout, slurm: Slurm, *arguments: str) -> Running:
    """Snakemake in a checkout, submitting to a Slurm."""
    environment = {"RUNSIEVE_PAUSE": "1", **slurm.environment}
    return Running(checkout, *SCORES, *SITE, *arguments, environment=environment)


def test_a_chain_within_the_limits_of_a_partition_while_the_controller_is_down(
    slurm, undisturbed, tmp_path
):
    """Its jobs are submitted only when Slurm is back, and it goes away once more while they run."""
    checkout = small_checkout(tmp_path / "checkout")
    minutes = LITTLE // 2
    refused = slurm.refusal("--partition=little", "--time=30", "--wrap=true")
    assert "time limit is invalid" in refused
    slurm.stop_controller()
    controller = start(
        checkout,
        slurm,
        *("--default-resources", "slurm_partition=little", "mem_mb=500", "runtime=30", "turns=1"),
        *("--resources", f"runtime={minutes}", "mem_mb=3000", "turns=1"),
    )
    controller.until(
        "a submission", lambda: bool(processes(f"{checkout.folder}/profiles/slurm/bin/sbatch"))
    )
    slurm.start_controller()
    controller.until("a job", lambda: bool(processes("slurmstepd", ".batch")))
    slurm.stop_controller()
    controller.until(
        "a step", lambda: bool(processes(f"{checkout.folder}/profiles/slurm/bin/srun"))
    )
    slurm.start_controller()
    controller.finished()
    limits = slurm.run("squeue", "-h", "-t", "all", "-o", "%P %l %C %m").splitlines()
    assert len(limits) == JOBS
    # Two runs are selected in one job, with the time of both and the rest of one.
    assert f"little {LITTLE}:00 1 2000M" in limits
    assert {line.split()[0] for line in limits} == {"little"}
    assert different(undisturbed, checkout, *FOLDERS) == []
    assert len(list((checkout.folder / "logs/slurm").rglob("*.log"))) == JOBS


def test_a_training_that_meets_every_accident_ends_as_an_undisturbed_one(
    slurm, undisturbed, tmp_path
):
    """Out of memory; the controlling process killed while the job lives; time limit; scancel."""
    checkout = Checkout(tmp_path / "checkout")
    shutil.copytree(undisturbed.folder, checkout.folder, symlinks=True)
    for place in ("models", "tests"):
        shutil.rmtree(checkout.folder / f"results/foreign/{place}/detectors/small")
    folder = checkout.folder / "results/foreign/models/detectors/small/seed1"
    log = checkout.folder / "logs/foreign/models/detectors/small/seed1.log"
    before = set(slurm.jobs())

    def jobs() -> list[tuple[str, str]]:
        return [(one, state) for one, state in slurm.jobs().items() if one not in before]

    little = "train_network:mem_mb=300 * 20 ** (attempt - 1)"
    limits = ("--resources", "runtime=60", "mem_mb=8000", "turns=1")
    controller = start(checkout, slurm, *limits, "--set-resources", little)
    controller.until("an end for memory", lambda: bool(jobs()) and jobs()[0][1] in LOST)
    controller.until("a checkpoint", (folder / "resume.npz").is_file)
    (training,) = scripts(checkout, "train_network")
    os.kill(training, signal.SIGSTOP)
    controller.process.kill()
    controller.process.wait()
    assert not (folder / "model.keras").exists()
    assert [state for _, state in jobs()][1:] == ["RUNNING"]

    refused = start(checkout, slurm)
    assert refused.process.wait(120) != 0
    assert "--unlock" in refused.printed()
    assert checkout.snakemake("--unlock").returncode == 0
    controller = start(checkout, slurm, *limits)
    controller.until("the second job", lambda: len(jobs()) == 3)
    controller.until("its waiting", lambda: "waiting for Slurm job" in text(log))
    slurm.run("scontrol", "update", f"JobId={jobs()[1][0]}", "EndTime=now")
    controller.until("the end of the first job", lambda: jobs()[1][1] == "TIMEOUT")
    controller.until("resuming", lambda: "resuming after epoch" in text(log))
    slurm.run("scancel", jobs()[2][0])
    printed = controller.finished()
    assert [state for _, state in jobs()][:3] == [jobs()[0][1], "TIMEOUT", "CANCELLED"]
    assert "resuming after epoch" in log.read_text()
    assert "1 job succeeded at a later attempt" in printed
    requested = slurm.run("squeue", "-h", "-t", "all", "-S", "i", "-o", "%i %m").split()
    memory = dict(zip(requested[::2], requested[1::2], strict=True))
    assert [memory[one] for one, _ in jobs()[:2]] == ["300M", "6000M"]
    assert different(undisturbed, checkout, *FOLDERS) == []
