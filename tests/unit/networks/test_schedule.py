"""Rates, the kept epoch and the end of a training follow from its history alone."""

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runsieve.config.network import Training
from runsieve.networks.schedule import best_epoch, is_over, learning_rate

LOSSES = st.lists(st.floats(0, 10), max_size=30)


def training(**settings) -> Training:
    return Training.model_validate({"epochs": 20, "learning_rate": 0.1, **settings})


@given(LOSSES)
def test_a_constant_rate(losses):
    assert learning_rate(training(), losses) == 0.1


def test_the_rate_rises_and_then_falls_as_a_cosine():
    settings = training(warm_up=3, schedule="cosine", epochs=13)
    rates = [learning_rate(settings, [1.0] * done) for done in range(13)]
    assert rates[:4] == pytest.approx([0.025, 0.05, 0.075, 0.1])
    assert rates[8] == pytest.approx(0.05)
    assert all(later < earlier for earlier, later in pairwise(rates[3:]))


def test_a_plateau_lowers_the_rate_as_often_as_it_lasts():
    settings = training(plateau={"factor": 0.5, "patience": 2, "minimum": 0.02})
    losses = [3.0, 2.0, 2.0, 2.0, 1.0, 1.5, 1.5, 1.5, 1.5, 1.5, 1.5, 1.5]
    rates = [learning_rate(settings, losses[:done]) for done in range(len(losses) + 1)]
    assert rates[:4] == [0.1] * 4
    assert rates[4:7] == [0.05] * 3
    assert rates[7:9] == [0.025] * 2
    assert rates[9:] == [0.02] * 4


def test_the_best_epoch_is_the_first_of_equals():
    assert best_epoch([3, 1, 2, 1]) == 2


@given(LOSSES, st.integers(1, 5))
def test_when_a_training_is_over(losses, patience):
    assert is_over(training(), losses) == (len(losses) >= 20)
    stopped = is_over(training(early_stopping=patience, epochs=1000), losses)
    lowest = min(losses, default=math.inf)
    waited = len(losses) - (losses.index(lowest) + 1) if losses else 0
    assert stopped == (waited >= patience)
