"""Fewer training events: a part of what was drawn, and the same test events."""

import pytest

from helpers.samples import event_list
from runsieve.config.sample import Sample
from runsieve.errors import RunsieveError
from runsieve.samples.drawing import build_sample
from runsieve.samples.limiting import fewer_events

CLASSES = ["signal", "background"]


def drawn(**settings):
    sample = Sample.model_validate(settings)
    return build_sample(event_list(1), sample, CLASSES, "all")[0], sample


def test_fewer_events_are_a_part_of_more_and_test_events_stay():
    events, sample = drawn()
    train = (events["split"] == "train").groupby(events["class"]).sum()
    validation = (events["split"] == "validation").groupby(events["class"]).sum()
    less, more = (fewer_events(events, number, sample, "all") for number in (20, 50))
    assert set(less["row"]) < set(more["row"]) < set(events["row"])
    for number, part in ((20, less), (50, more)):
        sizes = part.groupby(["split", "class"]).size()
        assert (sizes["train"] == number).all()
        for name in CLASSES:
            assert sizes["validation", name] == -(-validation[name] * number // train[name])
        test = events[events["split"] == "test"].reset_index(drop=True)
        assert part[part["split"] == "test"].reset_index(drop=True).equals(test)


def test_a_class_with_fewer_events_keeps_all_and_weights_are_equal():
    events, sample = drawn(balance="weights")
    train = events[events["split"] == "train"].groupby("class").size()
    assert train["signal"] < train["background"]
    part = fewer_events(events, int(train["signal"]) + 1, sample, "all")
    part = part[part["split"] == "train"]
    assert (part["class"] == "signal").sum() == train["signal"]
    weight = part.groupby("class")["weight"].sum()
    assert weight["signal"] == pytest.approx(weight["background"])


def test_more_events_than_any_class_has_are_refused():
    events, sample = drawn()
    with pytest.raises(RunsieveError, match=r"^sample all: learning_curve: 9999 training events"):
        fewer_events(events, 9999, sample, "all")
