"""Runs of every kind of file give what the same events in a TTree give."""

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import yaml

import select_events
from helpers.foreign_runs import ANALYSIS, foreign_events
from helpers.run_formats import FORMATS, write_run
from runsieve.checks.analysis import check_all
from runsieve.config.inputs import Input
from runsieve.config.load import load_analysis
from runsieve.models import catalogue
from runsieve.plan.checks import checked
from runsieve.plan.plan import Plan
from runsieve.samples.gathering import RunFiles, gather_input

CATALOGUE = catalogue()
ENTRIES, BLOCK = 200, 60
RUNS = {41: ("calibration", 0.8), 42: ("physics", 0.1)}
OTHERS = [kind for kind in FORMATS if kind != "TTree"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """Both runs in each format, in two files each, and an analysis whose run sheet is to come."""
    folder = tmp_path_factory.mktemp("formats")
    for run, (_, coincident) in RUNS.items():
        branches = foreign_events(run, ENTRIES, coincident)
        for kind in FORMATS:
            for part, (start, stop) in enumerate(((0, 70), (70, ENTRIES))):
                some = {name: values[start:stop] for name, values in branches.items()}
                write_run(folder, f"{run}_{part}", kind, some, "ntp", BLOCK)
    for name in ("analyses", "runs"):
        (folder / "config" / name).mkdir(parents=True)
    settings = ANALYSIS | {
        "keep": ["energy", "clusters", "hits"],
        "inputs": ANALYSIS["inputs"] | {"energies": {"branches": ["e_eV"], "shape": [4]}},
    }
    path = folder / "config/analyses/foreign.yaml"
    path.write_text(yaml.safe_dump(settings, sort_keys=False))
    return folder


def plan_of(folder: Path, kind: str) -> Plan:
    """The analysis with a run sheet that names the files of a format."""
    ending, _ = FORMATS[kind]
    lines = [f"{run}\t{RUNS[run][0]}\t{folder}/{kind}_{run}_*{ending}" for run in RUNS]
    (folder / "config/runs/foreign.tsv").write_text("\n".join(["run\tkind\tfiles", *lines]) + "\n")
    return Plan(load_analysis("foreign", "full", CATALOGUE), {"data": "data", "results": "results"})


def selected(plan: Plan, run: int, folder: Path) -> tuple[pd.DataFrame, str]:
    """The event list and the cut flow as the script writes them."""
    settings = plan.settings
    params = SimpleNamespace(
        runs=plan.selections(str(run)),
        tree=settings.tree,
        channels=settings.channels,
        keep=settings.keep,
        hit=plan.hit,
        skip=False,
    )
    output = SimpleNamespace(events=folder / "events.parquet", cutflow=folder / "cutflow.csv")
    select_events.main(SimpleNamespace(params=params, output=output, log=[folder / "log"]))
    return pd.read_parquet(output.events), output.cutflow.read_text()


def gathered(plan: Plan, events: pd.DataFrame, name: str, folder: Path) -> np.ndarray:
    files = {
        run: RunFiles(plan.files(run), plan.input_files(run, name), plan.kind(run)) for run in RUNS
    }
    settings = Input.model_validate(plan.input(name))
    path, tree = folder / f"{name}.npy", plan.settings.tree
    gather_input(events, files, settings, tree, plan.columns(41), path, 2)
    return np.load(path)


def results(folder: Path, kind: str, out: Path) -> tuple[pd.DataFrame, list[str], dict]:
    """Event list, cut flows and arrays of every third selected event."""
    out.mkdir()
    plan = plan_of(folder, kind)
    lists, flows = zip(*(selected(plan, run, out) for run in RUNS), strict=True)
    events = pd.concat(lists, ignore_index=True)
    some = events.iloc[::3].sample(frac=1, random_state=1)
    some = some.assign(row=np.arange(len(some)))
    arrays = {name: gathered(plan, some, name, out) for name in ("waveform", "energies")}
    return events, list(flows), arrays


@pytest.fixture(scope="module")
def of_ttree(folder, tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        return results(folder, "TTree", tmp_path_factory.mktemp("ttree") / "out")


@pytest.mark.parametrize("kind", OTHERS)
def test_event_lists_and_arrays_are_those_of_the_ttree(kind, folder, of_ttree, tmp_path, request):
    request.getfixturevalue("monkeypatch").chdir(folder)
    events, flows, arrays = results(folder, kind, tmp_path / "out")
    pd.testing.assert_frame_equal(events, of_ttree[0], check_exact=True)
    assert len(events) > 100
    assert flows == of_ttree[1]
    for name, array in arrays.items():
        assert array.dtype == of_ttree[2][name].dtype
        assert array.any() and np.array_equal(array, of_ttree[2][name])


@pytest.mark.parametrize("kind", OTHERS)
def test_the_check_finds_what_it_finds_in_the_ttree(kind, folder, monkeypatch):
    monkeypatch.chdir(folder)
    found, expected = (
        check_all([checked(plan_of(folder, one))], folder / "results")[0] for one in (kind, "TTree")
    )
    assert found.problems == expected.problems == []
    for run, same in zip(found.runs, expected.runs, strict=True):
        pd.testing.assert_frame_equal(run.branches, same.branches)
        assert run.bytes_per_event == same.bytes_per_event
        # The same events, whatever the file: a copy in another format is recognised.
        assert [one.content for one in run.contents] == [one.content for one in same.contents]
        assert None not in [one.content for one in run.contents]
