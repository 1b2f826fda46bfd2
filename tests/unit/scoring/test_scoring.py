"""Scoring a run in pieces gives what scoring it at once gives, and nothing half-written."""

import json
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
import uproot
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from runsieve.config.inputs import Input
from runsieve.config.sample import Sample
from runsieve.config.working_point import WorkingPoint
from runsieve.errors import RunsieveError
from runsieve.evaluation.working_points import MOST_PROBABLE, Decision
from runsieve.runs.scored import about_scores
from runsieve.scoring import reading
from runsieve.scoring.asked import InputToRead, RunToScore
from runsieve.scoring.branches import Branches
from runsieve.scoring.drawn import Drawn
from runsieve.scoring.scoring import Models, score_run

COLUMNS = {"run": "run", "event": "event", "energy": "energy{channel}"}
NOBODY = Drawn.of(pd.DataFrame(columns=["run", "entry", "event", "channel", "split"]), 7, Sample())


@dataclass
class Sum:
    """A model that sees a waveform and the energy; `shift` tells those of folds apart."""

    shift: float = 0.0
    most: list[int] = field(default_factory=list)

    def inputs(self) -> list[str]:
        return ["waveform"]

    def probabilities(self, events: pd.DataFrame, arrays: dict) -> np.ndarray:
        values = arrays["waveform"][events["row"]].astype(float).sum(axis=1)
        self.most.append(len(events))
        signal = (values + events["energy"].to_numpy()) / 1000 + self.shift
        return np.column_stack([signal, 1 - signal]).astype(np.float32)


def content(entries: int) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(entries)
    return {
        "run": np.full(entries, 7, np.int32),
        "event": 10 + np.arange(entries, dtype=np.int64),
        "energy0": rng.choice([0.0, 1.0, 2.0, 3.0], entries),
        "energy4": rng.choice([0.0, 1.0, 2.0], entries),
        "wave0": rng.integers(0, 99, (entries, 5)).astype(np.uint16),
        "wave4": rng.integers(0, 99, (entries, 5)).astype(np.uint16),
    }


def write(path, branches, basket: int) -> None:
    with uproot.recreate(path) as file:
        tree = file.mktree(
            "event", {name: (one.dtype, one.shape[1:]) for name, one in branches.items()}
        )
        for start in range(0, len(branches["run"]), basket):
            tree.extend({name: one[start : start + basket] for name, one in branches.items()})


def asked(files: list[str], triggers: str = "all") -> RunToScore:
    waveform = Input(branches=["wave{channel}"], shape=[5])
    return RunToScore(
        run=7,
        files=files,
        tree="event",
        computed=None,
        friends={},
        columns=COLUMNS,
        kept=["energy"],
        cuts={"high": "energy > 1"},
        hit="energy > 0",
        channels=[0, 4],
        triggers=triggers,
        inputs={"waveform": InputToRead(waveform, files, "event", {}, COLUMNS)},
    )


def branches(decision: Decision | None = None) -> Branches:
    decision = decision or Decision("half", WorkingPoint(score=0.3), (0.3,))
    return Branches({0: "a0_", 4: "a4_"}, ["signal", "background"], [decision], ["energy"])


@given(entries=st.integers(1, 60), basket=st.integers(1, 30), piece=st.integers(1, 40))
@settings(
    max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
def test_any_pieces_give_the_same_scores(tmp_path, entries, basket, piece):
    raw, written = content(entries), tmp_path / "run.root"
    write(written, raw, basket)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading, "BYTES", 20.0 * piece)
        patch.setattr(reading, "FEWEST", 1)
        model = Sum()
        files = tmp_path / "scores.root", tmp_path / "scores.parquet"
        score_run(asked([str(written)]), Models([model], NOBODY), branches(), {"run": 7}, *files)
    assert max(model.most, default=0) <= piece
    tree = uproot.open(files[0])["scores"].arrays(library="np")
    np.testing.assert_array_equal(tree["event"], raw["event"])
    for channel in (0, 4):
        energy = raw[f"energy{channel}"]
        expected = ((raw[f"wave{channel}"].sum(axis=1) + energy) / 1000).astype(np.float32)
        expected[energy <= 0] = np.nan
        np.testing.assert_array_equal(tree[f"a{channel}_score_signal"], expected)
        np.testing.assert_array_equal(tree[f"a{channel}_selected"], energy > 1)
        decided = np.where(np.isnan(expected), -1, expected >= 0.3)
        np.testing.assert_array_equal(tree[f"a{channel}_pass_half"], decided)
    table = pd.read_parquet(files[1])
    assert len(table) == sum((raw[f"energy{channel}"] > 0).sum() for channel in (0, 4))
    assert about_scores(files[0]) == about_scores(files[1]) == {"run": 7}


def test_only_selected_events_are_scored(tmp_path):
    raw, written = content(50), tmp_path / "run.root"
    write(written, raw, 10)
    files = tmp_path / "scores.root", tmp_path / "scores.parquet"
    which = asked([str(written)], "selected")
    score_run(which, Models([Sum()], NOBODY), branches(), {}, *files)
    tree = uproot.open(files[0])["scores"].arrays(library="np")
    assert (~np.isnan(tree["a0_score_signal"]) == (raw["energy0"] > 1)).all()


def test_each_fold_has_its_model_and_its_threshold(tmp_path):
    raw, written = content(50), tmp_path / "run.root"
    write(written, raw, 10)
    folded = Drawn(NOBODY.events.assign(fold=[]), Sample(folds=2))
    by_fold = {1: (0.3,), 2: (5.3,)}
    decision = Decision("half", WorkingPoint(score=0.3), (2.8,), by_fold)
    files = tmp_path / "scores.root", tmp_path / "scores.parquet"
    models = Models([Sum(), Sum(5.0)], folded)
    score_run(asked([str(written)]), models, branches(decision), {}, *files)
    table = pd.read_parquet(files[1])
    energy, entry = table["energy"].to_numpy(), table["entry"].to_numpy()
    waves = np.where(
        (table["channel"] == 0).to_numpy()[:, None], raw["wave0"][entry], raw["wave4"][entry]
    )
    plain = (waves.sum(axis=1) + energy) / 1000
    fold = np.where(table["p_signal"] > 3, 2, 1)
    assert set(fold) == {1, 2}
    np.testing.assert_allclose(table["p_signal"], plain + np.where(fold == 2, 5, 0), rtol=1e-6)
    np.testing.assert_array_equal(table["pass_half"], plain >= 0.3)


def test_of_more_classes_each_has_a_decision_and_one_is_the_most_probable(tmp_path):
    class Three(Sum):
        def probabilities(self, events, arrays):
            two = super().probabilities(events, arrays)
            return np.column_stack([two, 0.4 * np.ones(len(two))]).astype(np.float32)

    point = WorkingPoint(score=0.3)
    chosen = [Decision(MOST_PROBABLE, None, ()), Decision("low", point, (0.3, 0.2, None))]
    three = Branches({0: "", 4: "other_"}, ["a", "b", "c"], chosen)
    raw, written = content(60), tmp_path / "run.root"
    write(written, raw, 7)
    files = tmp_path / "scores.root", tmp_path / "scores.parquet"
    score_run(asked([str(written)]), Models([Three()], NOBODY), three, {}, *files)
    tree = uproot.open(files[0])["scores"].arrays(library="np")
    scores = np.column_stack([tree[f"score_{name}"] for name in "abc"])
    hit = raw["energy0"] > 0
    np.testing.assert_array_equal(tree["class"][hit], scores[hit].argmax(axis=1))
    assert set(tree["class"][~hit]) == {-1}
    np.testing.assert_array_equal(tree["pass_low_a"][hit], scores[hit, 0] >= 0.3)
    np.testing.assert_array_equal(tree["pass_low_b"][hit], scores[hit, 1] >= 0.2)
    assert set(tree["pass_low_c"]) == {-1}
    table = pd.read_parquet(files[1])
    first = table[table["channel"] == 0]
    assert first["class"].tolist() == [*np.array(list("abc"))[scores[hit].argmax(axis=1)]]


def test_a_failure_leaves_no_file(tmp_path):
    class Failing(Sum):
        def probabilities(self, events, arrays):
            if self.most:
                raise RunsieveError("the model failed")
            return super().probabilities(events, arrays)

    written = tmp_path / "run.root"
    write(written, content(50), 5)
    folder = tmp_path / "scores"
    with pytest.raises(RunsieveError, match="the model failed"):
        score_run(
            asked([str(written)]),
            Models([Failing()], NOBODY),
            branches(),
            {},
            folder / "run7.root",
            folder / "run7.parquet",
        )
    assert list(folder.iterdir()) == []


def test_the_table_says_what_it_is(tmp_path):
    written = tmp_path / "run.root"
    write(written, content(5), 5)
    files = tmp_path / "scores.root", tmp_path / "scores.parquet"
    score_run(asked([str(written)]), Models([Sum()], NOBODY), branches(), {"model": "µ"}, *files)
    assert json.loads(pq.read_schema(files[1]).metadata[b"about"]) == {"model": "µ"}


def test_an_input_of_other_files_must_have_the_events_of_the_run(tmp_path):
    raw = content(40)
    write(tmp_path / "run.root", raw, 10)
    mixed = raw | {"event": raw["event"][::-1]}
    write(tmp_path / "other.root", mixed, 10)
    which = asked([str(tmp_path / "run.root")])
    apart = replace(which.inputs["waveform"], files=[str(tmp_path / "other.root")])
    which = replace(which, inputs={"waveform": apart})
    files = tmp_path / "scores.root", tmp_path / "scores.parquet"
    with pytest.raises(
        RunsieveError, match=r"entry \d+ holds event \d+, but event \d+ was selected"
    ):
        score_run(which, Models([Sum()], NOBODY), branches(), {}, *files)
