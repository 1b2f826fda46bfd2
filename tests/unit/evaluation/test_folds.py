"""Scores of several folds: merged, and judged with the threshold of each fold."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

import merge_folds as script
from helpers.scored_examples import POINTS, evaluated, random_scores
from runsieve.config.base import Edges
from runsieve.config.report import Report
from runsieve.config.working_point import WorkingPoint
from runsieve.errors import RunsieveError
from runsieve.evaluation.closure import working_point_table
from runsieve.evaluation.efficiency import efficiency_table
from runsieve.evaluation.folds import merge_folds
from runsieve.evaluation.groups import grouped
from runsieve.evaluation.predictions import read_predictions
from runsieve.evaluation.rates import Exposure, rate_table
from runsieve.evaluation.separation import separation_table
from runsieve.evaluation.working_points import MOST_PROBABLE, choose, decisions
from runsieve.reports.model_report import judge

TWO = ["signal", "background"]
THREE = ["cat", "dog", "bird"]
FOLDS = 3
ALL_POINTS = POINTS | {
    "rejection": WorkingPoint(background_rejection=0.8),
    "f1": WorkingPoint(maximise="f1"),
}


def scores_of_folds(classes, seed=1, events=60) -> list[pd.DataFrame]:
    """Scores of each fold, whose model differs from the others in scale and offset."""
    table = random_scores(classes, events, seed).drop(columns="split")
    rng = np.random.default_rng(seed)
    fold = np.tile(np.arange(FOLDS) + 1, len(table))[: len(table)]
    kind = np.where(rng.random(len(table)) < 0.3, "validation", "train")
    table["weight"] = rng.uniform(0.5, 1.5, len(table))
    table["run"] = rng.integers(1601, 1603, len(table))
    parts = []
    for number in range(1, FOLDS + 1):
        columns = [f"p_{name}" for name in classes]
        odds = table[columns].to_numpy() ** (0.5 * number) * rng.uniform(0.3, 1, len(classes))
        part = table.assign(split=np.where(fold == number, "test", kind))
        part[columns] = odds / odds.sum(axis=1, keepdims=True)
        parts.append(part)
    return parts


def merged(tmp_path, classes, **options):
    table = merge_folds(scores_of_folds(classes, **options))
    table.to_parquet(tmp_path / "scores.parquet", index=False)
    return table, read_predictions(tmp_path / "scores.parquet", classes, "energy")


def test_test_events_of_each_fold_and_its_validation_events():
    folds = scores_of_folds(TWO)
    table = merge_folds(folds)
    test = table[table.split == "test"]
    assert test.row.tolist() == list(range(len(folds[0])))
    assert set(table.split) == {"test", "validation"}
    expected = sum((one.split != "train").sum() for one in folds)
    assert len(table) == expected
    for row in table.sample(50, random_state=1).itertuples():
        own = folds[row.fold - 1].iloc[row.row]
        assert (row.event, row.split, row.p_signal) == (own.event, own.split, own.p_signal)
    # An event that validation uses is a validation event in all folds but its own.
    kept = table[table.split == "validation"].groupby("row").size()
    assert set(kept) == {FOLDS - 1}


def test_folds_must_have_the_same_events():
    folds = scores_of_folds(TWO)
    folds[1] = folds[1].sample(frac=1, random_state=1).reset_index(drop=True)
    with pytest.raises(RunsieveError, match=r"^fold 2 was not scored on the same events as fold 1"):
        merge_folds(folds)


@pytest.mark.parametrize(("split", "times"), [("test", 2), ("train", 0)])
def test_an_event_must_be_tested_once(split, times):
    folds = scores_of_folds(TWO)
    first = folds[1].index[folds[1].split != "test"][0]
    if times == 0:
        first = folds[1].index[folds[1].split == "test"][0]
    folds[1].loc[first, "split"] = split
    run, event = folds[0].run[first], folds[0].event[first]
    expected = (
        f"^folds: every event must be tested in one of 3 folds, but event {event} of run {run} is "
        f"tested in {times}$"
    )
    with pytest.raises(RunsieveError, match=expected):
        merge_folds(folds)


def test_script(tmp_path):
    folds = scores_of_folds(TWO)
    paths = [tmp_path / f"{number}.parquet" for number in range(FOLDS)]
    for path, one in zip(paths, folds, strict=True):
        one.to_parquet(path, index=False)
    job = SimpleNamespace(
        input=SimpleNamespace(scores=paths),
        output=SimpleNamespace(scores=tmp_path / "scores.parquet"),
        log=[tmp_path / "log"],
    )
    script.main(job)
    found = pd.read_parquet(tmp_path / "scores.parquet")
    pd.testing.assert_frame_equal(found, merge_folds(folds))


def thresholds(table, point, label) -> dict[int, float]:
    """Threshold of a class by fold, from the validation rows of the table."""
    found = {}
    for fold, part in table[table.split == "validation"].groupby("fold"):
        signal = (part["class"] == label).to_numpy()
        found[fold] = choose(point, signal, part[f"p_{label}"].to_numpy(), part.weight.to_numpy())
    return found


@pytest.mark.parametrize("classes", [TWO, THREE])
def test_each_event_is_compared_with_the_threshold_of_its_fold(tmp_path, classes):
    table, predictions = merged(tmp_path, classes)
    rows = table[table.split == "test"].reset_index(drop=True)
    test = predictions.part("test")
    chosen = {one.name: one for one in decisions(ALL_POINTS, predictions)}
    for name, point in ALL_POINTS.items():
        for index, label in enumerate(classes):
            expected = thresholds(table, point, classes[0] if classes is TWO else label)
            assert chosen[name].threshold(index) == pytest.approx(np.mean(list(expected.values())))
            limits = chosen[name].of_events(test, index)
            assert limits.tolist() == [expected[fold] for fold in rows.fold]
        limits = {label: thresholds(table, point, label) for label in classes}
        passed = chosen[name].passed(test)
        for place, row in enumerate(rows.to_dict("records")):
            own = classes[0] if classes is TWO else row["class"]
            kept = row[f"p_{own}"] >= limits[own][row["fold"]]
            assert passed[place] == (kept == (row["class"] == own))
    folds = thresholds(table, ALL_POINTS["rejection"], classes[0])
    assert len(set(folds.values())) == FOLDS
    if classes is THREE:
        assert chosen[MOST_PROBABLE].passed(test).tolist() == test.correct.tolist()
        assert chosen[MOST_PROBABLE].by_fold == {}


def test_a_given_score_is_the_threshold_of_all_folds(tmp_path):
    _, predictions = merged(tmp_path, TWO)
    (decision,) = decisions({"tenth": WorkingPoint(score=0.1)}, predictions)
    assert (decision.threshold(0), decision.by_fold) == (0.1, {})


def test_titles_say_that_a_threshold_is_a_mean(tmp_path):
    _, predictions = merged(tmp_path, TWO)
    (decision,) = decisions({"kept": WorkingPoint(signal_efficiency=0.9)}, predictions)
    mean = f"{decision.threshold(0):.4g}"
    assert decision.title().endswith(f"(score {mean}, mean of 3 folds)")


def test_without_validation_events_in_one_fold_nothing_is_decided(tmp_path):
    table, _ = merged(tmp_path, TWO)
    table = table[(table.split == "test") | (table.fold != 2)]
    table.to_parquet(tmp_path / "scores.parquet", index=False)
    predictions = read_predictions(tmp_path / "scores.parquet", TWO)
    kept, half = decisions(POINTS, predictions)
    assert (kept.defined, half.defined) == (False, True)
    assert np.isnan(kept.of_events(predictions.part("test"), 0)).all()


def test_tables_count_events_against_the_thresholds_of_their_folds(tmp_path):
    table, predictions = merged(tmp_path, TWO)
    scored = evaluated(
        predictions, ALL_POINTS, bootstrap=20, edges=Edges(values=[0, 5, 12]), variable="energy"
    )
    test = table[table.split == "test"]
    limits = test.fold.map(thresholds(table, ALL_POINTS["rejection"], "signal"))
    test = test.assign(accepted=test.p_signal >= limits)
    signal, background = (test[test["class"] == name] for name in TWO)

    def fraction(part, passed):
        return np.average(passed, weights=part.weight)

    points = working_point_table(scored).set_index("working_point").loc["rejection"]
    rejected = fraction(background, ~background.accepted)
    assert points.threshold == pytest.approx(
        np.mean(list(thresholds(table, ALL_POINTS["rejection"], "signal").values()))
    )
    assert points.efficiency == pytest.approx(fraction(signal, signal.accepted))
    assert points.rejection == pytest.approx(rejected)
    assert points.closure == pytest.approx(rejected - 0.8)
    assert points.closure_low < points.closure < points.closure_high

    decision = next(one for one in scored.decisions if one.name == "rejection")
    low = test[test.energy < 5]
    bins = efficiency_table(scored.test, decision, "energy", np.array([0, 5, 12.0]))
    first = bins[(bins["class"] == "signal") & (bins.low == 0)].iloc[0]
    assert first.passed == low.accepted[low["class"] == "signal"].sum()

    separated = separation_table(scored)
    first = separated[(separated.working_point == "rejection") & (separated.low == 0)].iloc[0]
    noise = low[low["class"] == "background"]
    assert first.rejection == pytest.approx(fraction(noise, ~noise.accepted))

    groups = grouped(scored)
    groups = groups[(groups.working_point == "rejection") & (groups.by == "run")]
    counted = background[background.run == 1601]
    found = groups[(groups.group == 1601) & (groups["class"] == "background")].iloc[0]
    assert (found.events, found.passed) == (len(counted), (~counted.accepted).sum())

    rates = rate_table(
        scored.test, np.array([40, 40]), Exposure({1: 2.0}), scored.settings, scored.decisions
    )
    found = rates[(rates.working_point == "rejection") & (rates.low == 0)].iloc[0]
    assert found.passed == noise.accepted.sum()


def test_with_one_threshold_for_all_folds_tables_are_those_without(tmp_path):
    """If all folds have the same model and validation events, folds make no difference."""
    table = random_scores(TWO, 80, seed=3)
    table = table[table.split != "train"].reset_index(drop=True)
    table["fold"] = 1
    table.to_parquet(tmp_path / "one.parquet", index=False)
    plain = read_predictions_without_fold(tmp_path, table)
    folded = replace(plain, fold=np.ones(len(table), dtype=int), row=np.arange(len(table)))
    points = [
        working_point_table(evaluated(one, ALL_POINTS, bootstrap=10)) for one in (plain, folded)
    ]
    same = [column for column in points[0] if not column.startswith("closure_")]
    pd.testing.assert_frame_equal(points[0][same], points[1][same])


def read_predictions_without_fold(folder, table):
    table.drop(columns="fold").to_parquet(folder / "plain.parquet", index=False)
    return read_predictions(folder / "plain.parquet", TWO)


def test_a_report_quotes_the_warnings_of_all_folds(tmp_path):
    _, predictions = merged(tmp_path, TWO)
    diagnoses = [{"parameters": 7, "warnings": ["It is dead.", "It is slow."]}]
    diagnoses += [{"parameters": 7, "warnings": []}, {"parameters": 7, "warnings": ["It is dead."]}]
    about = (predictions, Report(bootstrap=5), POINTS, 1)
    metrics = judge(*about, diagnoses).metrics
    assert metrics["parameters"] == 7
    assert metrics["warnings"] == [
        "fold 1: It is dead.",
        "fold 1: It is slow.",
        "fold 3: It is dead.",
    ]
    assert judge(*about, diagnoses[:1]).metrics["warnings"] == diagnoses[0]["warnings"]
    metrics = judge(*about).metrics
    assert (metrics["parameters"], metrics["warnings"]) == (None, [])
