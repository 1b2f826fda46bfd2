"""Examples of test events: deterministic, of the right class and kind, none of them twice."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from runsieve.config.report import Report
from runsieve.config.working_point import WorkingPoint
from runsieve.evaluation.evaluated import Evaluated
from runsieve.evaluation.examples import KINDS, choose_examples, deciding
from runsieve.evaluation.predictions import Predictions
from runsieve.evaluation.working_points import Decision

HALF = Decision("half", WorkingPoint(score=0.5), (0.5,))
MOST = Decision("most_probable", None, ())


def binary(signal: list[float], background: list[float], **more) -> Predictions:
    score = np.array(signal + background)
    true = np.repeat([0, 1], [len(signal), len(background)])
    probability = np.column_stack([score, 1 - score])
    split = np.full(len(score), "test")
    return Predictions(("signal", "background"), true, probability, split, **more)


def places(table, label: str, kind: str) -> list[int]:
    return table[(table["class"] == label) & (table["kind"] == kind)]["place"].tolist()


def test_two_classes_at_a_threshold():
    signal = [0.1, 0.95, 0.52, 0.9, 0.3, 0.97, 0.92]
    background = [0.2, 0.5, 0.05, 0.99, 0.1]
    table = choose_examples(binary(signal, background), HALF, 2)
    assert places(table, "signal", "worst") == [0, 4]
    assert places(table, "signal", "undecided") == [2, 3]
    assert places(table, "signal", "typical") == [6, 1]  # the median of five is 0.92
    # An event at the threshold counts as signal.
    assert places(table, "background", "worst") == [10, 8]
    assert places(table, "background", "undecided") == [7, 11]
    assert places(table, "background", "typical") == [9]
    assert table["kind"].tolist()[:6] == [kind for kind in KINDS for _ in range(2)]
    assert (table["assigned"] != table["class"]).tolist() == (table["kind"] == "worst").tolist()


def test_the_threshold_of_a_fold_is_that_of_its_events():
    point = WorkingPoint(signal_efficiency=0.9)
    decision = Decision("efficiency90", point, (0.5,), {1: (0.2,), 2: (0.8,)})
    events = binary([0.3, 0.3, 0.75, 0.9], [0.1], fold=np.array([1, 2, 2, 2, 1]))
    table = choose_examples(events, decision, 1)
    assert places(table, "signal", "worst") == [1]
    assert places(table, "signal", "undecided") == [2]


def test_several_classes_by_pair():
    probability = np.array(
        [
            [0.2, 0.7, 0.1],  # a as b
            [0.1, 0.8, 0.1],  # a as b
            [0.4, 0.1, 0.5],  # a as c
            [0.41, 0.39, 0.2],
            [0.9, 0.05, 0.05],
            [0.0, 1.0, 0.0],
            [0.0, 0.0, 1.0],
        ]
    )
    events = Predictions(
        ("a", "b", "c"), np.array([0, 0, 0, 0, 0, 1, 2]), probability, np.full(7, "test")
    )
    table = choose_examples(events, MOST, 3)
    # The worst of each pair first, of the commoner pair before that of the other.
    assert places(table, "a", "worst") == [1, 2, 0]
    assert places(table, "a", "undecided") == [3, 4]
    assert places(table, "a", "typical") == []
    assert table["assigned"].tolist()[:3] == ["b", "c", "b"]
    assert places(choose_examples(events, MOST, 1), "a", "typical") == [4]


@given(
    st.lists(st.sampled_from([0.0, 0.2, 0.5, 0.9, 1.0]), min_size=1, max_size=20),
    st.lists(st.sampled_from([0.0, 0.2, 0.5, 0.9, 1.0]), min_size=1, max_size=20),
    st.integers(1, 5),
)
def test_no_event_is_chosen_twice(signal, background, number):
    events = binary(signal, background)
    table = choose_examples(events, HALF, number)
    assert table["place"].is_unique
    assert table.groupby(["class", "kind"]).size().max() <= number
    wrong = table[table["kind"] == "worst"]
    assert (wrong["class"] != wrong["assigned"]).all()
    for label, name in enumerate(events.classes):
        count = int((HALF.assigned(events)[events.true == label] != label).sum())
        assert len(places(table, name, "worst")) == min(number, count)
        mine = table[table["class"] == name]
        assert (events.true[mine["place"]] == label).all()


@pytest.mark.parametrize(
    ("points", "name"),
    [
        ({"half": {"score": 0.5}, "most": {"signal_efficiency": 0.8}}, "most"),
        ({"half": {"score": 0.4}}, "half"),
        ({"most": {"signal_efficiency": 0.8}}, "most"),
    ],
)
def test_the_decision_is_the_one_that_rejections_are_compared_at(points, name):
    events = binary([0.9, 0.8, 0.7], [0.1, 0.2])
    split = np.array(["validation", "test", "test", "validation", "test"])
    events = Predictions(events.classes, events.true, events.probability, split)
    settings = {key: WorkingPoint(**one) for key, one in points.items()}
    assert deciding(Evaluated.of(events, Report(), settings)).name == name


def test_without_validation_events_it_is_half():
    events = binary([0.9, 0.8, 0.3], [0.1, 0.6])
    points = {"most": WorkingPoint(signal_efficiency=0.8)}
    decision = deciding(Evaluated.of(events, Report(), points))
    assert decision.name == "most_probable"
    table = choose_examples(events, decision, 1)
    assert [places(table, name, "worst") for name in events.classes] == [[2], [4]]
