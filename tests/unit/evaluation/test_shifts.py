"""Shift study: scores of shifted events, and what is compared."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from helpers.scored_examples import POINTS, random_predictions
from runsieve.config.pulse import RAW
from runsieve.config.shift import Shift
from runsieve.errors import RunsieveError
from runsieve.evaluation.delong import area_of
from runsieve.evaluation.predictions import read_predictions
from runsieve.evaluation.scores import score_table
from runsieve.evaluation.shifted_scores import shifted_scores
from runsieve.evaluation.shifts import ShiftTest, read_shifted, shift_table
from runsieve.evaluation.working_points import MOST_PROBABLE, Decision
from runsieve.figures.shifts import draw_shifts
from runsieve.intervals import paired_difference
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


TITLES = {name: shift.settings.title("") for name, shift in SHIFTS.items()}


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
    return shift_table([read_shifted("all", "mean", files, CLASSES, POINTS)], TITLES)


def test_only_test_events_are_scored_with_every_shift(sample):
    scores = shifted_scores(Mean(), *sample, SHIFTS)
    assert scores["shift"].value_counts().to_dict() == {"up": 60, "none": 60, "smeared": 60}
    assert set(scores.split) == {"test"}
    expected = Mean().probabilities(*sample)[120:, 0]
    assert scores.p_signal[scores["shift"] == "none"].to_numpy() == pytest.approx(expected)


def test_what_changes_and_by_how_much(table, files):
    assert table["shift"].tolist() == ["up", "none", "smeared"]
    scores = read_predictions(files[0], CLASSES)
    test, validation = scores.part("test"), scores.part("validation")
    true_signal = test.true == 0
    (threshold,) = set(table["threshold"])
    assert (validation.score[validation.true == 0] >= threshold).sum() == 27  # 90 % of 30
    kept = test.score >= threshold
    assert set(table.efficiency) == {kept[true_signal].mean()}
    assert set(table.rejection) == {(~kept)[~true_signal].mean()}
    assert table.accuracy[0] == pytest.approx(test.correct.mean())
    shifted = read_shifted("all", "mean", files, CLASSES, POINTS).shifted
    up, none, smeared = table.to_dict("records")
    assert none["auc_difference"] == none["auc_difference_low"] == none["auc_difference_high"] == 0
    # All signals and most background are above the threshold, in nearly unchanged order.
    assert table["change"].tolist() == ["gain +50 %", "gain +0 %", "noise +200"]
    assert up["efficiency_shifted"] > up["efficiency"]
    assert up["rejection_shifted"] < up["rejection"] / 2
    assert abs(up["auc_difference"]) < 0.01
    assert smeared["auc_difference_high"] < -0.1
    assert smeared["auc_difference"] == smeared["auc_shifted"] - smeared["auc"]
    areas = [area_of(one.true, one.probability) for one in (shifted["smeared"], test)]
    error = np.sqrt((areas[0] - areas[1]).variance)
    assert smeared["auc_difference_high"] - smeared["auc_difference"] == pytest.approx(error)
    assert set(table["working_point"]) == {"efficiency90"}


def test_changes_at_the_cut_have_paired_intervals(files):
    found = read_shifted("all", "mean", files, CLASSES, POINTS)
    row = shift_table([found], TITLES).iloc[2]
    for label, name in enumerate(("efficiency", "rejection")):
        mine = found.nominal.true == label
        before, after = (
            found.decision.passed(one)[mine] for one in (found.nominal, found.shifted["smeared"])
        )
        counts = (after & ~before).sum(), (before & ~after).sum(), mine.sum()
        assert counts[0] + counts[1] > 0
        assert row[f"{name}_difference"] == pytest.approx((counts[0] - counts[1]) / counts[2])
        ends = row[f"{name}_difference_low"], row[f"{name}_difference_high"]
        assert ends == pytest.approx(paired_difference(*counts))
        assert row[f"{name}_difference"] == pytest.approx(row[f"{name}_shifted"] - row[name])


def test_fractions_are_weighted(files):
    found = read_shifted("all", "mean", files, CLASSES, POINTS)
    nominal, kept = found.nominal, found.decision.passed(found.nominal)
    weight = np.where(nominal.correct, 3.0, 1.0)
    heavy = replace(nominal, weight=weight)
    row = shift_table([replace(found, nominal=heavy, shifted={"up": heavy})], TITLES).iloc[0]
    signal = nominal.true == 0
    share = weight[signal & kept].sum() / weight[signal].sum()
    assert row.efficiency == row.efficiency_shifted == pytest.approx(share)
    assert row.efficiency_difference == 0 < row.efficiency_difference_high
    assert row.accuracy == pytest.approx(weight[nominal.correct].sum() / weight.sum())


def test_more_classes_have_an_accuracy_and_no_rejection():
    test = random_predictions(["a", "b", "c"]).part("test")
    most = Decision(MOST_PROBABLE, None, ())
    table = shift_table([ShiftTest("all", "m", most, test, {"same": test})], {"same": "none"})
    assert len(draw_shifts(table).axes) == 1
    assert table[["efficiency", "rejection_shifted"]].isna().all(axis=None)
    assert table.accuracy[0] == table.accuracy_shifted[0] == pytest.approx(test.correct.mean())


def test_shifts_of_other_events_are_refused(files):
    scores = pd.read_parquet(files[1])
    scores.loc[5, "event"] += 1
    scores.to_parquet(files[1])
    with pytest.raises(RunsieveError, match="shift up was not scored on the test events"):
        read_shifted("all", "mean", files, CLASSES, POINTS)


def test_a_panel_for_each_sample(table):
    both = pd.concat([table, table.assign(sample="other", model="trees")])
    panels = np.reshape(draw_shifts(both).axes, (2, 3))
    assert [axes.get_title(loc="left") for axes in panels[:, 0]] == ["all", "other"]
    assert [label.get_text() for label in panels[1, 0].get_yticklabels()] == list(TITLES.values())
    assert [axes.get_xlabel() for axes in panels[1]] == [
        "change of AUC",
        "change of signal efficiency\nin percentage points",
        "change of background rejection\nin percentage points",
    ]
    names = ("auc_difference", "efficiency_difference", "rejection_difference")
    for axes, name, factor in zip(panels[0], names, (1, 100, 100), strict=True):
        (points,) = axes.containers
        assert list(points.lines[0].get_xdata()) == pytest.approx(list(factor * table[name]))
        ends = [[one[0][0], one[1][0]] for one in points.lines[2][0].get_segments()]
        expected = factor * table[[f"{name}_low", f"{name}_high"]].to_numpy()
        assert np.array(ends) == pytest.approx(expected, abs=1e-9)
