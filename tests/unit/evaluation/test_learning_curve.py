"""Learning curves: numbers of training events, and metrics on the same test events."""

from dataclasses import replace

import numpy as np
import pytest

from helpers.paired_scores import EVENTS, TRUE, trained
from runsieve.errors import RunsieveError
from runsieve.evaluation.auc import auc_interval
from runsieve.evaluation.learning_curve import learning_curve
from runsieve.figures.learning_curve import draw_learning_curve


def scores(strength: float, train: int, true=TRUE):
    found = trained(strength, 3, true=true, validation=np.arange(train) % 3 // 2)
    return replace(found, split=np.where(found.split == "validation", "train", found.split))


def test_points_are_in_order_and_have_the_metrics_of_the_test_events():
    found = [("b", scores(2, 90)), ("a", scores(1, 60)), ("b", scores(1, 30))]
    table = learning_curve(found)
    assert table["model"].tolist() == ["b", "b", "a"]
    assert table["train"].tolist() == [30, 90, 60]
    assert table["fewest"].tolist() == [10, 30, 20]
    assert set(table["test"]) == {EVENTS}
    expected = auc_interval(found[0][1].part("test"))
    assert table.loc[1, ["auc", "auc_low", "auc_high"]].tolist() == pytest.approx(expected)
    figure = draw_learning_curve(table)
    assert [axes.get_ylabel() for axes in figure.axes] == ["AUC", "accuracy"]
    assert all(len(axes.containers) == 2 for axes in figure.axes)


def test_other_test_events_are_refused():
    with pytest.raises(RunsieveError, match="model b was not tested on the same events"):
        learning_curve([("a", scores(1, 60)), ("b", scores(1, 60, 1 - TRUE))])
