"""Shift study: scores of shifted events, and what is compared."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from helpers.scored_examples import random_predictions
from runsieve.config.pulse import RAW
from runsieve.config.shift import Shift
from runsieve.errors import RunsieveError
from runsieve.evaluation.delong import area_of
from runsieve.evaluation.predictions import read_predictions
from runsieve.evaluation.scores import score_table
from runsieve.evaluation.shifted_scores import shifted_scores
from runsieve.evaluation.shifts import read_shifted, shift_table
from runsieve.figures.shifts import draw_shifts
from runsieve.samples.shifting import AppliedShift

CLASSES = ["signal", "background"]
SHIFTS = {
    name: AppliedShift(Shift.model_validate(values), {}, {"pulse": RAW})
    for name, values in {
        "up": {"inputs": ["pulse"], "gain": 1.5},
        "none": {"inputs": ["pulse"], "gain": 1},
        "smeared": {"inputs": ["pulse"], "noise": 200},
    }.items()
}


class Mean:
    """Scores an event by the mean of its pulse, 0.5 at 100."""

    def probabilities(self, events, arrays):
        """Shape (events, 2)."""
        mean = arrays["pulse"][events["row"].to_numpy()].mean(axis=1)
        score = 1 / (1 + np.exp((100 - mean) / 10))
        return np.column_stack([score, 1 - score])


@pytest.fixture(scope="module")
def sample():
    """Events of two classes in three splits; rows of the array are in another order."""
    rng = np.random.default_rng(1)
    label = np.tile([0, 1], 90)
    events = pd.DataFrame(
        {
            "run": 1,
            "event": np.arange(180),
            "channel": 0,
            "class": np.array(CLASSES)[label],
            "label": label,
            "split": np.repeat(["train", "validation", "test"], 60),
            "weight": 1.0,
            "row": rng.permutation(180),
        }
    )
    pulse = np.empty((180, 8), np.int16)
    pulse[events.row] = rng.normal(np.where(label == 0, 110, 90)[:, None], 25, (180, 8))
    return events, {"pulse": pulse}


@pytest.fixture
def files(sample, tmp_path):
    events, arrays = sample
    nominal, shifted = tmp_path / "scores.parquet", tmp_path / "shifts.parquet"
    score_table(events, Mean().probabilities(events, arrays), CLASSES).to_parquet(nominal)
    shifted_scores(Mean(), events, arrays, SHIFTS).to_parquet(shifted)
    return nominal, shifted


@pytest.fixture
def table(files):
    nominal, shifted = read_shifted(*files, CLASSES)
    return shift_table([("all", "mean", nominal, shifted)])


def test_only_test_events_are_scored_with_every_shift(sample):
    scores = shifted_scores(Mean(), *sample, SHIFTS)
    assert scores["shift"].value_counts().to_dict() == {"up": 60, "none": 60, "smeared": 60}
    assert set(scores.split) == {"test"}
    expected = Mean().probabilities(*sample)[120:, 0]
    assert scores.p_signal[scores["shift"] == "none"].to_numpy() == pytest.approx(expected)


def test_what_changes_and_by_how_much(table, files):
    assert table["shift"].tolist() == ["up", "none", "smeared"]
    test = read_predictions(files[0], CLASSES).part("test")
    true_signal = test.true == 0
    assert set(table.efficiency) == {test.correct[true_signal].mean()}
    assert set(table.rejection) == {test.correct[~true_signal].mean()}
    assert table.accuracy[0] == pytest.approx(test.correct.mean())
    _, shifted = read_shifted(*files, CLASSES)
    up, none, smeared = table.to_dict("records")
    assert none["auc_difference"] == none["auc_difference_low"] == none["auc_difference_high"] == 0
    # All signals and most background are above the threshold, in nearly unchanged order.
    assert up["efficiency_shifted"] > up["efficiency"]
    assert up["rejection_shifted"] < up["rejection"] / 2
    assert abs(up["auc_difference"]) < 0.01
    assert smeared["auc_difference_high"] < -0.1
    assert smeared["auc_difference"] == smeared["auc_shifted"] - smeared["auc"]
    areas = [area_of(one.true, one.probability) for one in (shifted["smeared"], test)]
    error = np.sqrt((areas[0] - areas[1]).variance)
    assert smeared["auc_difference_high"] - smeared["auc_difference"] == pytest.approx(error)
    assert (table.threshold == 0.5).all()


def test_fractions_are_weighted(files):
    nominal, _ = read_shifted(*files, CLASSES)
    weight = np.where(nominal.correct, 3.0, 1.0)
    heavy = replace(nominal, weight=weight)
    row = shift_table([("all", "mean", heavy, {"up": heavy})]).iloc[0]
    share = nominal.correct[nominal.true == 0].mean()
    assert row.efficiency == row.efficiency_shifted == pytest.approx(3 * share / (1 + 2 * share))
    assert row.accuracy == pytest.approx(weight[nominal.correct].sum() / weight.sum())


def test_more_classes_have_an_accuracy_and_no_rejection():
    test = random_predictions(["a", "b", "c"]).part("test")
    table = shift_table([("all", "m", test, {"same": test})])
    assert table[["efficiency", "rejection_shifted"]].isna().all(axis=None)
    assert table.accuracy[0] == table.accuracy_shifted[0] == pytest.approx(test.correct.mean())


def test_shifts_of_other_events_are_refused(files):
    scores = pd.read_parquet(files[1])
    scores.loc[5, "event"] += 1
    scores.to_parquet(files[1])
    with pytest.raises(RunsieveError, match="shift up was not scored on the test events"):
        read_shifted(*files, CLASSES)


def test_a_panel_for_each_sample(table):
    both = pd.concat([table, table.assign(sample="other", model="trees")])
    first, second = draw_shifts(both).axes
    assert [first.get_title(loc="left"), second.get_title(loc="left")] == ["all", "other"]
    assert [label.get_text() for label in second.get_yticklabels()] == table["shift"].tolist()
    values = [x for points in first.containers for x in points.lines[0].get_xdata()]
    assert values == table.auc_difference.tolist()
