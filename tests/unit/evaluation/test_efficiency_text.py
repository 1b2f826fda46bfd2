"""The text with efficiencies and histograms fits a terminal, and says what the tables say."""

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.scored_examples import evaluated, printed_predictions, random_predictions
from runsieve.config.working_point import WorkingPoint
from runsieve.evaluation.efficiency_text import efficiency_text
from runsieve.evaluation.text_table import WIDTH, Column, text_table

BINS = {"start": 0, "stop": 10, "step": 0.5}
HALF = {"half": WorkingPoint(score=0.5)}


def test_printed_totals_and_efficiencies_stand_in_the_text():
    text = efficiency_text(evaluated(printed_predictions(), HALF, edges=BINS), {})
    lines = text.splitlines()
    assert lines[:2] == [
        "Test events in bins:",
        "score 0.5: efficiency 81.75 %, rejection 90.00 %, accuracy 85.88 %",
    ]
    (row,) = [line for line in lines if line.startswith("0 - 0.5") and "%" in line]
    assert row.split()[3:9] == ["33", "93.94", "%", "86.50", "-", "97.84"]


def test_efficiencies_stand_before_histograms():
    text = efficiency_text(evaluated(random_predictions(["s", "b"]), edges=BINS), {})
    places = [text.index(one) for one in ("At signal efficiency 90 %", "At score 0.5:", "by score")]
    assert places == sorted(places)


def test_histogram_of_the_text_is_that_of_the_scores():
    events = printed_predictions()
    text = efficiency_text(evaluated(events, HALF, edges=BINS), {})
    _, *histograms = text.split("events by score")
    for index, histogram in enumerate(histograms):
        (last,) = [line for line in histogram.splitlines() if line.startswith("all bins")]
        counts = [0 if one == "." else int(one) for one in last.split()[2:]]
        score = events.probability[events.true == index, 0]
        assert counts == [len(score), *np.histogram(score, 20, (0, 1))[0]]


def test_without_bins_there_is_one_row():
    text = efficiency_text(evaluated(random_predictions(["a", "b", "c"])), {"a": "Alpha"})
    assert "Alpha: events by score, the probability of the true class" in text
    assert "all bins" not in text and "energy" not in text
    assert re.search(r"^most probable class: efficiency of Alpha \d+\.\d\d %,", text, re.M)


def test_text_tells_what_is_outside_and_where_nothing_is():
    events = random_predictions(["s", "b"])
    value = np.where(events.true == 0, -1.0, 5.0)
    value[np.flatnonzero((events.true == 1) & (events.split == "test"))[:3]] = np.nan
    object.__setattr__(events, "value", value)
    text = efficiency_text(evaluated(events, HALF, edges=BINS), {"s": "Signal"})
    assert "outside the bins: 40 of Signal\n" in text and "outside the bins: 3 of b\n" in text
    assert "score 0.5: efficiency of no events, rejection " in text
    assert "nan" not in text


def test_all_bins_are_weighted_as_each_of_them():
    events = random_predictions(["s", "b"])
    object.__setattr__(events, "weight", np.random.default_rng(3).uniform(0.1, 9, len(events)))
    one = evaluated(events, HALF, edges={"start": 0, "stop": 11, "step": 11})
    text = efficiency_text(one, {})
    (single,) = [line for line in text.splitlines() if re.match(r"0 - 11 .*%", line)]
    (whole,) = [line for line in text.splitlines() if re.match(r"all bins .*%", line)]
    assert single.removeprefix("0 - 11").split() == whole.removeprefix("all bins").split()
    assert f"efficiency {single.split()[4]} %" in text.splitlines()[1]


TITLES = st.text(st.characters(max_codepoint=0x17F, exclude_categories=["C"]), max_size=200)


@settings(deadline=None, max_examples=30)
@given(
    classes=st.integers(2, 9),
    points=st.lists(st.floats(0.01, 0.99), min_size=1, max_size=4),
    title=TITLES,
    label=TITLES,
    bins=st.integers(2, 300),
    edges=st.one_of(
        st.none(),
        st.sampled_from([BINS, {"start": -123456.7, "stop": 876543.3, "step": 1e5}]),
    ),
)
def test_no_line_is_too_long(classes, points, title, label, bins, edges):
    events = random_predictions([f"class{index}" for index in range(classes)], events=5)
    working_points = {
        f"point{place}": WorkingPoint(signal_efficiency=one) for place, one in enumerate(points)
    }
    report = evaluated(
        events, working_points, edges=edges, label=label, unit=label, score_bins=bins
    )
    text = efficiency_text(report, {"class0": title, "class1": f"{title} {title}"})
    assert max(map(len, text.splitlines())) <= WIDTH


def test_columns_that_do_not_fit_follow_below():
    first = Column("bin", ["a", "b"], "<")
    columns = [Column(f"{number}", ["x" * 40, "y"]) for number in range(5)]
    blocks = text_table(first, columns).split("\n\n")
    assert [re.findall(r"\d", block.splitlines()[0]) for block in blocks] == [
        ["0", "1"],
        ["2", "3"],
        ["4"],
    ]
    assert all(block.splitlines()[1].startswith("a   x") for block in blocks)


@pytest.mark.parametrize("heading", ["", "short", "a heading of several words and " + "x" * 90])
def test_no_word_of_a_heading_is_lost(heading):
    table = text_table(Column(heading, ["1"]), [Column("b", ["2"])])
    kept = "".join(line[:30] for line in table.splitlines()[:-1])
    assert "".join(heading.split()) == "".join(kept.split()).removesuffix("b")
