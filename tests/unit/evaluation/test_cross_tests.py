"""Models tested on samples that they were not trained on."""

import numpy as np
import pytest

from helpers.paired_scores import EVENTS, predictions
from runsieve.evaluation.cross_tests import cross_test_table
from runsieve.figures.cross_tests import draw_cross_tests


@pytest.fixture(scope="module")
def table():
    return cross_test_table(
        [
            ("dense", "one", "one", predictions(2, 1)),
            ("dense", "one", "two", predictions(1, 2)),
            ("dense", "two", "two", predictions(2, 3)),
            ("trees", "one", "one", predictions(3, 4)),
        ]
    )


def test_each_test_has_a_row(table):
    assert table.model.tolist() == ["dense", "dense", "dense", "trees"]
    assert (table.events == EVENTS).all()
    assert (table.auc_low < table.auc).all()
    assert (table.auc < table.auc_high).all()
    assert table.accuracy[0] == pytest.approx(predictions(2, 1).correct.mean())
    assert table.auc[0] > table.auc[1]


def test_a_matrix_for_each_model_with_what_was_asked_for(table):
    figure = draw_cross_tests(table)
    assert len(figure.axes) == 2
    cells = [np.isfinite(axes.images[0].get_array()).sum() for axes in figure.axes]
    assert cells == [3, 1]
    texts = [text.get_text() for text in figure.axes[0].texts]
    assert any(text.startswith(f"{table.auc[1]:.4f}") for text in texts)
