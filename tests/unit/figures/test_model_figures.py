"""Figures of one model draw the numbers of its tables."""

import numpy as np
import pytest

from helpers.scored_examples import POINTS, history, random_predictions
from runsieve.config.report import Report
from runsieve.evaluation.predictions import Predictions
from runsieve.evaluation.working_points import decisions
from runsieve.figures import reliability, scores
from runsieve.figures.described import Described
from runsieve.figures.efficiency import draw_efficiency
from runsieve.figures.reliability import draw_reliability
from runsieve.figures.roc import draw_roc, draw_roc_overlay
from runsieve.figures.scores import draw_scores
from runsieve.figures.style import colour_of
from runsieve.figures.training import draw_training
from runsieve.reports.model_report import ModelReport, judge

TWO, THREE = ["signal", "background"], ["a", "b", "c"]
BINNED = {"edges": {"start": 0, "stop": 10, "step": 5}, "bootstrap": 20, "score_bins": 8}
NAMED = Described("dense on all", {"signal": "Signal"}, simulated=True)


def report_of(classes, **settings):
    settings = Report(**{**BINNED, **settings})
    return ModelReport(NAMED, {1: judge(random_predictions(classes), settings, POINTS, 1)})


def first_line(figure):
    return [text.get_text() for text in figure.texts]


def legend(figure):
    return [text.get_text() for text in figure.legends[0].get_texts()]


def drawn(container):
    """Places of the points of an error bar container, shape (2, points)."""
    return container.lines[0].get_xydata().T


def test_efficiencies_stand_above_the_events_of_their_bins():
    report = report_of(TWO)
    table, found = report.table("efficiency"), report.evaluated.defined
    figure = draw_efficiency(table, found, "energy [keV]", NAMED)
    *panels, bottom = figure.axes
    assert [axes.get_title(loc="left") for axes in panels] == [one.title() for one in found]
    for axes, decision in zip(panels, found, strict=True):
        for points, name in zip(axes.containers, TWO, strict=True):
            rows = table[(table["class"] == name) & (table["working_point"] == decision.name)]
            assert drawn(points)[1].tolist() == rows["efficiency"].tolist()
    counts = [patch.get_data().values.tolist() for patch in bottom.patches]
    first = table[table["working_point"] == found[0].name]
    assert counts == [first["total"][first["class"] == name].tolist() for name in TWO]
    # Equal histograms are both seen, one between the dashes of the other.
    assert len({patch.get_linestyle() for patch in bottom.patches}) == 2
    assert bottom.get_xlabel() == "energy [keV]" and bottom.get_ylabel() == "events per bin"
    assert first_line(figure) == ["Simulation", f"dense on all, {first['total'].sum()} test events"]
    assert legend(figure) == ["Signal efficiency", "background rejection"]


def test_without_a_variable_efficiencies_are_rows():
    settings = {"edges": None, "bootstrap": 20}
    judged = judge(random_predictions(THREE), Report(**settings), POINTS, 1)
    report = ModelReport(NAMED, {1: judged})
    found = report.evaluated.defined
    figure = draw_efficiency(report.table("efficiency"), found, "", NAMED)
    assert len(figure.axes) == len(found)
    assert [label.get_text() for label in figure.axes[0].get_yticklabels()] == THREE


def test_the_curve_has_a_band_and_all_working_points():
    report = report_of(TWO)
    table, points = report.table("roc"), report.table("working_points")
    area = report.first.metrics["metrics"]["auc"]
    figure = draw_roc(table, points, area, NAMED)
    left, right = figure.axes
    (band,) = left.collections[:1]
    ends = band.get_paths()[0].vertices[:, 1]
    inside = (ends.min(), ends.max())
    assert inside[0] >= table["background_rejection_low"].min() - 1e-9
    assert inside[1] <= table["background_rejection_high"].max() + 1e-9
    assert [drawn(one)[:, 0].tolist() for one in left.containers] == [
        [one["efficiency"], one["rejection"]] for one in points.to_dict("records")
    ]
    low, high = right.get_xlim()
    assert high == 1 and low <= points["efficiency"].min()
    assert right.get_yscale() == "log"
    assert f"AUC {area['value']:.4f}" in first_line(figure)[1]
    assert legend(figure)[1].startswith("efficiency90 (score")


def test_models_share_a_figure_in_other_lines():
    table = report_of(TWO).table("roc")
    figure = draw_roc_overlay([("dense", table), ("trees", table)], NAMED)
    assert legend(figure) == ["dense", "trees"]
    left = figure.axes[0]
    assert len({line.get_linestyle() for line in left.lines[:2]}) == 2
    several = report_of(THREE).table("roc")
    assert len(draw_roc_overlay([("dense", several)], NAMED).axes) == 3


def test_scores_have_their_thresholds_and_pulls():
    report = report_of(TWO)
    predictions, found = report.evaluated.predictions, report.evaluated.defined
    figure = draw_scores(predictions, found, 8, NAMED)
    top, bottom = figure.axes
    for index, outline in enumerate(top.patches):
        train = predictions.part("train")
        counts = np.histogram(train.score[train.true == index], 8, (0, 1))[0]
        np.testing.assert_allclose(outline.get_data().values, counts / counts.sum())
    dashed = {line.get_xdata()[0] for line in top.lines if line.get_linestyle() == "--"}
    assert dashed == {one.threshold(0) for one in found}
    assert [text.get_text() for text in top.texts] == [one.name for one in found]
    assert top.get_yscale() == "log" and bottom.get_ylabel() == "pull"
    assert legend(figure) == [
        *("Signal, train", "background, train", "Signal, test", "background, test")
    ]


def test_scores_are_weighted():
    events = random_predictions(TWO)
    heavy = np.where(events.score > 0.5, 3.0, 1.0)
    weighted = Predictions(
        events.classes, events.true, events.probability, events.split, weight=heavy
    )
    train = weighted.part("train")
    chosen = train.true == 0
    counts = np.histogram(train.score[chosen], 8, (0, 1), weights=train.weight[chosen])[0]
    figure = draw_scores(weighted, decisions(POINTS, weighted), 8)
    shares = figure.axes[0].patches[0].get_data().values
    np.testing.assert_allclose(shares, counts / counts.sum())


def test_each_of_several_classes_has_a_panel_of_scores():
    figure = draw_scores(random_predictions(THREE), [], 8, NAMED)
    titles = [axes.get_title(loc="left") for axes in figure.axes]
    assert [title for title in titles if title] == THREE


def test_pulls_of_equal_distributions_are_normal():
    generator = np.random.default_rng(3)
    shares = np.array([0.5, 0.3, 0.15, 0.05])
    found = np.array(
        [
            scores.pulls(
                generator.multinomial(4000, shares), generator.multinomial(1000, shares), 4000, 1000
            )
            for _ in range(2000)
        ]
    )
    np.testing.assert_allclose(found.mean(axis=0), 0, atol=0.1)
    np.testing.assert_allclose(found.std(axis=0), 1, atol=0.06)


def test_rare_bins_have_no_pull():
    found = scores.pulls(np.array([990.0, 10.0]), np.array([99.0, 1.0]), 1000, 100)
    assert np.isfinite(found).tolist() == [True, False]


def test_reliability_has_a_pull_from_the_prediction():
    report = report_of(TWO)
    table, error = report.table("reliability"), report.first.metrics["metrics"]["calibration_error"]
    figure = draw_reliability(table, error, NAMED)
    top, bottom = figure.axes
    assert drawn(top.containers[0]).tolist() == [
        table["predicted"].tolist(),
        table["observed"].tolist(),
    ]
    expected = (table["observed"] - table["predicted"]) / np.sqrt(
        table["predicted"] * (1 - table["predicted"]) / table["n"]
    )
    np.testing.assert_allclose(reliability.pulls(table), expected)
    (points,) = [line for line in bottom.lines if line.get_linestyle() == "None"]
    np.testing.assert_allclose(points.get_ydata(), expected.clip(-4.6, 4.6))
    assert bottom.get_xlabel() == "predicted probability of Signal"
    assert f"calibration error {error['value']:.4f}" in first_line(figure)[1]


def test_the_kept_epoch_is_marked():
    figure = draw_training(history(TWO), 3, NAMED)
    for axes in figure.axes:
        assert 3 in [line.get_xdata()[0] for line in axes.lines if line.get_linestyle() == ":"]
    assert legend(figure) == ["kept: epoch 3", "all classes", "Signal", "background"]
    assert draw_training(history(TWO)).axes[1].lines[2].get_color() == colour_of(0)


@pytest.mark.parametrize(("worst", "scale"), [(1.0, "linear"), (48, "log")])
def test_a_loss_that_explodes_is_drawn_on_a_log_axis(worst, scale):
    epochs = history(TWO)
    epochs.loc[3, "val_loss"] = worst
    assert draw_training(epochs).axes[0].get_yscale() == scale
