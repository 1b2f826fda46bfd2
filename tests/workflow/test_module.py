"""As a module of somebody else's Snakemake workflow, with settings, folders and names of theirs."""

import json
import re
from pathlib import Path

import pandas as pd
import pytest
import yaml

from helpers.other_workflow import ANALYSIS, SETTINGS, module, use, write_other_workflow

pytestmark = pytest.mark.workflow
PREFIX = 'prefix: "sieved/crystals"'
PLACE = "sieved/crystals"
ROOTS = 'pathvars: data="mine/raw", results="mine/out", logs="mine/logs", benchmarks="mine/bench"'
CHAIN = {
    *("simulate_run", "select_events", "summarise_data", "build_sample", "digest_column"),
    *("find_duplicates", "fit_baseline", "score_model", "report_model", "compare_pairs"),
    *("compare_models", "draw_sample", "write_provenance", "summarise_resources", "build_page"),
}


@pytest.fixture(scope="module")
def other(tmp_path_factory):
    """The other workflow after its own rule and all rules of the module have run."""
    other = write_other_workflow(tmp_path_factory.mktemp("other"))
    use(other, [module("sieve", PREFIX)], "sieve", f"{PLACE}/results")
    jobs = other.run("summary", "sieve_all")
    assert set(jobs) == {*(f"sieve_{rule}" for rule in CHAIN), "sieve_all", "summary"}
    return other


@pytest.fixture
def planned(tmp_path):
    """Another workflow in which nothing has run."""
    return write_other_workflow(tmp_path)


def test_a_rule_of_the_other_workflow_reads_a_result(other):
    table = pd.read_csv(other.folder / f"{PLACE}/results/{ANALYSIS}/reports/comparison.csv")
    assert table.model.tolist() == ["energy_only"]
    assert pd.read_csv(other.folder / "summary.csv").columns.tolist() == table.columns.tolist()


def test_everything_is_below_the_prefix(other):
    written = {path.name for path in other.folder.iterdir() if not path.name.startswith(".")}
    assert written == {"Snakefile", "settings.yaml", "crystals", "sieved", "summary.csv"}
    below = {path.name for path in (other.folder / PLACE).iterdir()}
    assert below == {"data", "results", "logs", "benchmarks"}


def test_the_second_start_has_nothing_to_do(other):
    assert other.would_run("summary", "sieve_all") == {}


def test_jobs_are_summed_up_from_the_benchmarks_below_the_prefix(other):
    table = pd.read_csv(other.folder / f"{PLACE}/results/{ANALYSIS}/resources.csv")
    assert set(table.rule) == CHAIN - {"write_provenance", "summarise_resources", "build_page"}
    assert (table.seconds_sum > 0).all()


def test_links_of_the_page_lead_to_files(other):
    page = other.folder / f"{PLACE}/results/index.html"
    links = set(re.findall(r'href="([^"#][^"]*)"', page.read_text(encoding="utf-8")))
    assert len(links) > 20
    assert [link for link in links if not (page.parent / link).is_file()] == []


def test_provenance_names_runs_below_the_prefix(other):
    place = other.folder / f"{PLACE}/results/{ANALYSIS}/provenance.json"
    (*_, files) = (run["files"] for run in json.loads(place.read_text())["runs"])
    assert list(files) == [f"{PLACE}/data/{ANALYSIS}/run1858.root"]


def test_handlers_of_the_module_can_be_called(other):
    said = other.snakemake("--forcerun", "summary", "--", "summary").stdout
    assert f"The reports are in {PLACE}/results/index.html" in said
    failed = other.snakemake("broken").stderr
    assert "1 job failed:\n  broken: no log" in failed


def test_the_check_runs_under_its_new_name(other):
    assert "1858" in other.snakemake("sieve_check").stdout
    mistaken = {"sieve": {**SETTINGS, "scal": "full", "analyses": [ANALYSIS, "nois"]}}
    (other.folder / "mistaken.yaml").write_text(yaml.safe_dump(mistaken))
    done = other.snakemake("sieve_check", "--configfile", "mistaken.yaml")
    assert done.returncode == 1
    assert "- config of the module: scal: unknown key (did you mean 'scale'?)" in done.stderr
    missing = "crystals/analyses/nois.yaml does not exist (did you mean 'noise'?)"
    assert f"- config of the module: analyses: {missing}" in done.stderr
    refused = other.snakemake("summary", "--configfile", "mistaken.yaml")
    assert refused.returncode == 1
    assert f"config of the module: analyses: {missing}" in refused.stderr
    (other.folder / "mistaken.yaml").unlink()


def test_without_a_prefix_and_with_rules_of_the_same_names(planned):
    use(planned, [module("sieve", rules="*")], "sieve", "results")
    assert set(planned.would_run("all", "summary")) == CHAIN | {"summary"}


def test_two_modules_side_by_side(planned):
    modules = [module("first", PREFIX), module("second", ROOTS)]
    use(planned, modules, "second", "mine/out")
    jobs = planned.would_run("first_all", "summary")
    assert {rule for rule in jobs if rule.startswith("first_")} == {
        *(f"first_{rule}" for rule in CHAIN),
        "first_all",
    }
    assert jobs["second_simulate_run"] == 2
    assert "second_build_page" not in jobs


def test_a_prefix_is_put_before_other_roots(planned):
    use(planned, [module("sieve", f"{PREFIX}\n            {ROOTS}")], "sieve", f"{PLACE}/mine/out")
    assert planned.would_run("summary")["sieve_compare_models"] == 1


def test_runs_of_the_user_stay_where_they_are(planned):
    """The paths of a run sheet are no paths of the module: they get no prefix."""
    raw = planned.folder / "raw"
    raw.mkdir()
    sheet = planned.folder / f"crystals/runs/{ANALYSIS}.tsv"
    lines = ["run\tkind\tfiles"]
    for run, kind in ((1601, "calibration"), (1858, "physics")):
        (raw / f"run{run}.root").write_bytes(b"")
        lines.append(f"{run}\t{kind}\traw/run{run}.root")
    sheet.write_text("\n".join(lines) + "\n")
    use(planned, [module("sieve", PREFIX)], "sieve", f"{PLACE}/results")
    jobs = planned.would_run("summary")
    assert jobs["sieve_select_events"] == 2
    assert "sieve_simulate_run" not in jobs


def test_nothing_in_the_rules_takes_the_workflow_for_the_only_one():
    """What another workflow has of its own: the folder of its Snakefile, its roots."""
    root = Path(__file__).resolve().parents[2]
    for path in (root / "Snakefile", *(root / "rules").glob("*.smk")):
        text = path.read_text(encoding="utf-8")
        code = "\n".join(line.partition("#")[0] for line in text.splitlines())
        assert "workflow.basedir" not in code, path.name
        assert code.count("workflow.pathvars") == (path.name == "common.smk"), path.name
