"""Friends and samples of some runs, through the whole chain."""

import numpy as np
import pandas as pd
import pytest
import uproot
import yaml

from helpers.checkout import copy_checkout
from helpers.foreign_runs import foreign_events, passing, write_foreign_analysis

pytestmark = pytest.mark.workflow
RUNS = {41: 0.8, 42: 0.1, 43: 0.1}  # the last one is not drawn from
LOST = 100  # first events of each run, which the friend does not have


@pytest.fixture(scope="module")
def joined(tmp_path_factory):
    """The foreign analysis with the time of the last muon in another tree, in another order."""
    checkout = copy_checkout(tmp_path_factory.mktemp("friends") / "checkout")
    folder = checkout.folder
    write_foreign_analysis(folder)
    (folder / "config/config.yaml").write_text("analyses: [foreign]\nscale: full\n")
    for run, coincident in RUNS.items():
        branches = foreign_events(run, 1200, coincident)
        if run == 43:
            with uproot.recreate(folder / "raw/daq43_0.root") as file:
                file.mktree("ntp", branches)
        order = np.random.default_rng(run).permutation(1200)
        kept = order[order >= LOST]
        muons = {"evt": branches["evtno"][kept], "dt": branches["dt_muon_ms"][kept]}
        muons["trace"] = branches["evtno"][kept][:, None] + np.arange(9, dtype=np.uint64)
        with uproot.recreate(folder / f"raw/muon{run}.root") as file:
            file.mktree("muons", muons)
    with (folder / "config/runs/foreign.tsv").open("a") as sheet:
        sheet.write("43\tphysics\traw/daq43_*.root\n")
    path = folder / "config/analyses/foreign.yaml"
    analysis = yaml.safe_load(path.read_text())
    friend = {"files": "raw/muon{run}.root", "tree": "muons", "event": "evt", "missing": -1}
    analysis["friends"] = {"muon": friend}
    analysis["columns"]["muon_time"] = "muon.dt"
    analysis["keep"].append("muon_time")
    analysis["inputs"]["trace"] = {"branches": ["muon.trace"], "shape": [9]}
    analysis["samples"]["detectors"]["runs"] = [41, 42]
    analysis["models"]["trees"] = {"type": "gradient_boosting", "inputs": ["trace"]}
    path.write_text(yaml.safe_dump(analysis, sort_keys=False))
    sample = "results/foreign/samples/detectors"
    done = checkout.snakemake(f"{sample}/trace.npy", f"{sample}/waveform.npy")
    assert done.returncode == 0, done.stdout + done.stderr
    return checkout


def test_events_are_selected_by_their_own_muon(joined):
    for run, coincident in list(RUNS.items())[:2]:
        branches = foreign_events(run, 1200, coincident)
        times = dict(zip(branches["evtno"], branches["dt_muon_ms"], strict=True))
        there = set(branches["evtno"][LOST:])
        events = pd.read_parquet(joined.folder / f"results/foreign/events/run{run}.parquet")
        for detector, part in events.groupby("channel"):
            expected = [e for e in passing(branches, detector, run == 41) if e in there]
            assert part.event.tolist() == expected
            assert part.muon_time.tolist() == [times[event] for event in part.event]


def test_inputs_are_of_their_events(joined):
    folder = joined.folder / "results/foreign/samples/detectors"
    sample = pd.read_parquet(folder / "events.parquet")
    trace = np.load(folder / "trace.npy")
    assert set(sample.run) == {41, 42}
    expected = sample.event.to_numpy()[:, None] + np.arange(9, dtype=np.uint64)
    assert np.array_equal(trace[sample.row], expected)


def test_only_the_runs_of_the_sample_were_read(joined):
    events = joined.folder / "results/foreign/events"
    assert sorted(path.name for path in events.glob("*.parquet")) == [
        "run41.parquet",
        "run42.parquet",
    ]


def test_jobs_open_nothing_that_they_do_not_declare(joined):
    assert joined.undeclared() == []


def test_the_check_counts_what_is_joined(joined):
    done = joined.snakemake("check")
    assert done.returncode == 0, done.stderr
    rows = [line.split() for line in done.stdout.splitlines() + done.stderr.splitlines()]
    assert ["41", "muon", "1100", "1100", "1200", "1100", "91.67"] in rows


def test_a_changed_friend_is_selected_again(joined):
    target = "results/foreign/samples/detectors/trace.npy"
    assert joined.would_run(target) == {}
    with uproot.update(joined.folder / "raw/muon42.root") as file:
        file.mktree("more", {"x": np.arange(3)})
    assert set(joined.would_run(target)) == {"select_events", "build_sample", "gather_input"}
