"""Scores of whole runs: of those of the analysis, of new ones, in Python and in real ROOT."""

import importlib.util
import re
import shutil
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
import uproot

from helpers.checkout import Checkout
from helpers.foreign_runs import DETECTORS, SAMPLES, foreign_events, passing, write_foreign_run
from helpers.places import ROOT
from runsieve.errors import RunsieveError
from runsieve.run_scores import read_scores
from runsieve.runs.friends import open_run
from runsieve.trained import load

pytestmark = pytest.mark.workflow
FOREIGN = "results/foreign/scores/detectors/small/seed1"
COSINE = "results/cosine/scores/crystal3/dnn/seed1"
MODEL = "results/foreign/models/detectors/small/seed1/model.keras"


@pytest.fixture(scope="module")
def scored(finished: Checkout) -> Checkout:
    """Scores of all triggers of a run that is in no sheet of the analysis, by one line."""
    line = write_foreign_run(finished.folder / "raw", 43, "physics", 0.1)
    (finished.folder / "new.tsv").write_text(f"run\tkind\tfiles\n{line}\n")
    config = ["analyses=foreign", "scores={sheet: new.tsv, triggers: all}"]
    assert finished.run("scores", "--config", *config) == {"score_run": 1}
    return finished


@pytest.fixture(scope="module")
def own(finished: Checkout) -> Checkout:
    """Scores of the selected events of the runs of both analyses."""
    runs = finished.run("scores")
    assert runs == {"score_run": 5}
    return finished


def test_a_run_that_came_later_is_scored(scored):
    branches, network = foreign_events(43, 1200, 0.1), load(scored.folder / MODEL)
    tree = uproot.open(scored.folder / FOREIGN / "run43.root")["scores"].arrays(library="np")
    np.testing.assert_array_equal(tree["event"], branches["evtno"].astype(np.int64))
    assert (tree["run"] == 43).all()
    for detector in range(DETECTORS):
        score = tree[f"detector{detector}_score_signal"]
        sides = [branches[f"det{detector}_{side}"] for side in ("left", "right")]
        hit = np.flatnonzero([len(one) == SAMPLES for one in sides[0]])
        np.testing.assert_array_equal(np.flatnonzero(~np.isnan(score)), hit)
        waveforms = np.hstack(
            [np.stack([np.asarray(one[entry]) for entry in hit]) for one in sides]
        )
        expected = network.probabilities(waveforms.astype(np.uint16))
        # Other threads add up in another order; bits are compared with the test table below.
        np.testing.assert_allclose(score[hit], expected[:, 0], rtol=1e-5)
        selected = tree["event"][tree[f"detector{detector}_selected"] == 1]
        np.testing.assert_array_equal(selected, passing(branches, detector, False))
        passed = tree[f"detector{detector}_pass_half"]
        assert set(passed[np.isnan(score)]) <= {-1}
        np.testing.assert_array_equal(passed[hit], score[hit] >= 0.5)
        assert (tree[f"detector{detector}_split"] == -1).all()


def test_the_table_has_the_rows_of_the_tree(scored):
    tree = uproot.open(scored.folder / FOREIGN / "run43.root")["scores"].arrays(library="np")
    table = pd.read_parquet(scored.folder / FOREIGN / "run43.parquet")
    assert table[["entry", "channel"]].equals(
        table[["entry", "channel"]].sort_values(["entry", "channel"])
    )
    for detector, part in table.groupby("channel"):
        known = np.flatnonzero(~np.isnan(tree[f"detector{detector}_score_signal"]))
        np.testing.assert_array_equal(part["entry"], known)
        for column, branch in (("p_signal", "score_signal"), ("pass_half", "pass_half")):
            np.testing.assert_array_equal(part[column], tree[f"detector{detector}_{branch}"][known])


@pytest.mark.parametrize(
    ("analysis", "sample", "model"),
    [("foreign", "detectors", "small"), ("cosine", "crystal3", "dnn")],
)
def test_scores_are_those_of_the_test_table_to_the_last_bit(own, analysis, sample, model):
    results = own.folder / "results" / analysis
    tested = pd.read_parquet(results / f"tests/{sample}/{model}/seed1/scores.parquet")
    files = sorted((results / f"scores/{sample}/{model}/seed1").glob("run*.parquet"))
    tables = [pd.read_parquet(path) for path in files if path.stem != "run43"]
    table = pd.concat(tables, ignore_index=True)
    key = ["run", "event", "channel"]
    both = tested.merge(table, on=key, suffixes=("_tested", ""), validate="one_to_one")
    assert len(both) == len(tested) > 100
    for name in ("p_signal", "p_background", "split"):
        np.testing.assert_array_equal(both[f"{name}_tested"], both[name])
    drawn = table["split"] != ""
    assert drawn.sum() == len(tested)
    lists = pd.concat([pd.read_parquet(path) for path in (results / "events").glob("*.parquet")])
    channels = table["channel"].unique()
    assert len(table) == lists["channel"].isin(channels).sum()


def test_nothing_else_runs_and_nothing_runs_again(own, scored):
    assert own.would_run("scores") == {}
    assert own.would_run() == {}
    assert [line for line in own.undeclared() if line.startswith("score_run")] == []


def test_what_does_not_belong_together_is_refused(own, scored, tmp_path):
    path = own.folder / FOREIGN / "run41.root"
    files = [str(file) for file in sorted((own.folder / "raw").glob("daq41_*.root"))]
    model = str(own.folder / MODEL)
    assert len(read_scores(path, 41, files, [model])) == 1200
    assert len(read_scores(path.with_suffix(".parquet"), 41, files, [model])) > 100
    with pytest.raises(
        RunsieveError, match=r"run41\.root: these are scores of run 41, expected run 42"
    ):
        read_scores(path, 42, files)
    changed = shutil.copy(files[1], tmp_path / "daq41_1.root")
    with uproot.update(changed) as file:
        file["note"] = "changed"
    with pytest.raises(RunsieveError, match=r"daq41_1\.root is another file, or has changed since"):
        read_scores(path, 41, [files[0], str(changed)])
    with pytest.raises(RunsieveError, match="had 2 files when it was scored, found 1"):
        read_scores(path, 41, files[:1])
    other = own.folder / "results/cosine/models/crystal3/dnn/seed1/model.keras"
    with pytest.raises(RunsieveError, match=r"scored with the model .*small.*dnn.* is another one"):
        read_scores(path, 41, files, [str(other)])
    with pytest.raises(RunsieveError, match="no scores of runsieve"):
        read_scores(files[0], 41, files)


def test_a_friend_with_the_scores_of_another_run_is_refused(own, tmp_path):
    """Cuts can name scores, as columns of a friend of the run."""
    files = [str(file) for file in sorted((own.folder / "raw").glob("daq41_*.root"))]

    def friend(run: int) -> dict:
        scores = str(own.folder / FOREIGN / f"run{run}.root")
        settings = {"files": scores, "tree": "scores"}
        return {"settings": settings, "files": [scores], "tree": "scores", "event": "evtno"}

    with open_run(41, files, "ntp", None, {"net": friend(41)}) as chain:
        assert chain.friends["net"].matched == 1200
    expected = pytest.raises(RunsieveError, match=r"scores of run 42, expected run 41")
    with expected, open_run(41, files, "ntp", None, {"net": friend(42)}):
        pass


def commands(language: str) -> str:
    """The block of a language in the manual of scores."""
    text = (ROOT / "docs/scores.md").read_text(encoding="utf-8")
    return re.search(rf"```{language}\n(.*?)```", text, re.S)[1]


def test_the_python_of_the_manual(own):
    (own.folder / "read.py").write_text(commands("python") + "print(len(table))\n")
    done = subprocess.run(
        [sys.executable, "read.py"], cwd=own.folder, capture_output=True, text=True, check=True
    )
    raw = uproot.open(own.folder / "data/cosine/run1858.root")["event"]
    assert int(done.stdout) == raw.num_entries


@pytest.mark.skipif(importlib.util.find_spec("ROOT") is None, reason="the package root is missing")
def test_the_session_of_the_manual_in_real_root(own):
    (own.folder / "spectrum.C").write_text(commands("cpp"))
    session = "import ROOT; ROOT.gROOT.SetBatch(True); ROOT.gROOT.Macro('spectrum.C')"
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", session],
        cwd=own.folder,
        capture_output=True,
        text=True,
    )
    found = re.search(r"selected: (\d+), kept: (\d+)", done.stdout)
    assert found, done.stdout + done.stderr
    table = pd.read_parquet(own.folder / COSINE / "run1858.parquet")
    assert int(found[1]) == len(table)
    assert int(found[2]) == table["pass_efficiency90"].sum() > 0
    assert (own.folder / "spectrum.png").stat().st_size > 5000


def test_real_root_sees_the_same_events(own):
    ROOT = pytest.importorskip("ROOT", reason="the package root is missing")  # noqa: N806
    chain = ROOT.TChain("ntp")
    for file in sorted((own.folder / "raw").glob("daq41_*.root")):
        chain.Add(str(file))
    chain.AddFriend("scores", str(own.folder / FOREIGN / "run41.root"))
    assert chain.GetEntries("scores.event != evtno") == 0
    assert chain.GetEntries("scores.event == evtno && scores.run == runno") == 1200


def test_mistakes_are_said_at_once(own):
    config = "scores={models: detectors/smal, runs: '7', sheet: new2.tsv}"
    (own.folder / "new2.tsv").write_text(
        "run\tkind\tfiles\n41\tphysics\traw/daq41_*.root\n44\tx\tq.root\n"
    )
    done = own.snakemake("-n", "scores", "--config", "analyses=foreign", config)
    assert done.returncode != 0
    text = done.stdout + done.stderr
    lost = "scores={sheet: new3.tsv}"
    (own.folder / "new3.tsv").write_text("run\tkind\tfiles\n45\tphysics\traw/daq45_*.root\n")
    gone = own.snakemake("-n", "scores", "--config", "analyses=foreign", lost)
    assert gone.returncode != 0
    said = gone.stdout + gone.stderr
    assert re.search(r"new3\.tsv: run 45: no .*raw/daq45_\*\.root", said), said
    for part in (
        "new2.tsv: run 41 is in the run sheet of the analysis",
        "new2.tsv: run 44 is of the kind 'x'; the analysis has runs of calibration, physics",
        "scores.runs: new2.tsv has no run 7",
        "scores.models: sample 'detectors' has no model 'smal'; expected one of energy_only, small",
    ):
        assert part in text, text
