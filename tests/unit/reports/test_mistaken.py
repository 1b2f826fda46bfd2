"""Pairs of classes that are mistaken: chosen, counted and drawn."""

import numpy as np
import pandas as pd

from runsieve.config.inputs import Input
from runsieve.config.report import Report
from runsieve.evaluation.mistaken import choose_mistaken
from runsieve.evaluation.predictions import Predictions
from runsieve.figures.described import Described
from runsieve.reports.mistaken import draw_mistaken, read_mistaken
from runsieve.reports.page import seen

CLASSES = ("a", "b", "c")
PICTURE = Input(branches=["image"], shape=[6, 6])


def events() -> Predictions:
    """Three of a as b, one of a as c, one of c as b; the others are right."""
    true = np.array([0, 0, 0, 0, 0, 1, 1, 2, 2])
    probability = np.full((9, 3), 0.1)
    for row, (likely, value) in enumerate(
        [(1, 0.6), (1, 0.8), (1, 0.7), (2, 0.8), (0, 0.8), (1, 0.8), (1, 0.8), (1, 0.5), (2, 0.8)]
    ):
        probability[row, likely] = value
    return Predictions(CLASSES, true, probability, np.full(9, "test"))


def test_the_commonest_pairs_come_first_and_the_most_certain_events_of_each():
    found = choose_mistaken(events(), 8, 2)
    assert found["place"].tolist() == [1, 2, 3, 7]
    assert found[["class", "assigned"]].agg("".join, axis=1).tolist() == ["ab", "ab", "ac", "cb"]
    assert found["mistaken"].tolist() == [3, 3, 1, 1]
    assert found["of"].tolist() == [5, 5, 5, 2]
    assert choose_mistaken(events(), 1, 9)["place"].tolist() == [1, 2, 0]


def test_nothing_is_chosen_where_nothing_is_mistaken():
    right = events().where(events().correct)
    found = choose_mistaken(right, 8, 4)
    assert found.empty and "mistaken" in found
    figure = draw_mistaken(found, {}, {"image": PICTURE}, Described())
    assert figure.texts[0].get_text() == "no test event is mistaken"
    assert seen.mistaken(found, {}) == "No test event is mistaken."


def test_a_row_per_pair_is_drawn():
    found = choose_mistaken(events(), 8, 2)
    more = {"row": found["place"], "run": 1, "event": 7, "p_b": 0.8, "p_c": 0.8}
    table = found.assign(**more)
    figure = draw_mistaken(table, {"image": np.ones((9, 6, 6))}, {"image": PICTURE}, Described())
    titles = [axes.get_title(loc="left") for axes in figure.axes]
    assert titles[0] == "a as b (3 of 5)\n1/7, 0.800" and len(titles) == 4
    grid = figure.axes[0].get_subplotspec().get_gridspec()
    assert (grid.nrows, grid.ncols) == (3, 4)
    assert seen.mistaken(pd.DataFrame(table), {"a": "A"}) == (
        "A as b, 3 of 5; A as c, 1 of 5; c as b, 1 of 2."
    )


def test_a_table_is_read_from_the_scores(tmp_path):
    found = events()
    numbers = {"run": 1, "event": np.arange(9), "channel": 0}
    names = np.array(CLASSES, dtype=object)[found.true]
    scores = pd.DataFrame({**numbers, "class": names, "split": "test", "weight": 1.0})
    for place, name in enumerate(CLASSES):
        scores[f"p_{name}"] = found.probability[:, place] / found.probability.sum(axis=1)
    scores.to_parquet(tmp_path / "scores.parquet")
    listed = pd.DataFrame({**numbers, "entry": np.arange(9), "row": np.arange(9)})
    settings = Report.model_validate({"variable": None})
    table = read_mistaken(tmp_path / "scores.parquet", listed, CLASSES, settings, 1)
    assert table["event"].tolist() == table["row"].tolist() == [1, 2, 0, 3, 7]
    assert table["mistaken"].tolist() == [3, 3, 3, 1, 1]
