"""Models tested on samples that they were not trained on."""

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


def test_a_panel_for_each_sample_trained_on_with_a_row_for_each_tested_on(table):
    figure = draw_cross_tests(table)
    trained = list(dict.fromkeys(table.trained_on))
    assert [axes.get_title(loc="left") for axes in figure.axes] == [
        f"trained on {one}" for one in trained
    ]
    for axes, sample in zip(figure.axes, trained, strict=True):
        part = table[table.trained_on == sample]
        rows = [label.get_text() for label in axes.get_yticklabels()]
        assert rows == [f"tested on {one}" for one in dict.fromkeys(part.tested_on)]
        for points in axes.containers:
            values = points.lines[0].get_xdata().tolist()
            assert values == part.auc[part.model == points.get_label()].tolist()
    (legend,) = figure.legends
    assert [text.get_text() for text in legend.get_texts()] == ["dense", "trees"]
