"""Runs of one class and splits are compared, and small runs give no false alarm."""

import numpy as np
import pandas as pd
import pytest

from runsieve.networks.shifts import Shift, shifts


def table(runs: list[int]) -> pd.DataFrame:
    """Events of one class in the given runs."""
    count = len(runs)
    return pd.DataFrame(
        {
            "row": np.arange(count),
            "run": runs,
            "class": "a",
            "split": np.where(np.arange(count) % 3, "train", "validation"),
        }
    )


def found(events: pd.DataFrame, values: np.ndarray) -> list[Shift]:
    return shifts(lambda rows: values[rows], "pulse", events)


def test_of_two_runs_one_is_compared_with_the_other():
    events = table([5] * 300 + [7] * 300)
    values = np.random.default_rng(1).normal(0, 1, (600, 20))
    values[300:] *= 4
    split, run = found(events, values)
    assert (split.first, split.second) == ("training", "validation")
    assert (run.first, run.second) == ("run 5 of class a", "run 7")
    assert run.ratio == pytest.approx(4, rel=0.05)
    assert run.ratio_p < 1e-9
    assert split.ratio_p > 0.001


def test_of_three_runs_each_is_compared_with_the_others():
    events = table([5, 6, 7] * 100)
    values = np.random.default_rng(1).normal(0, 1, (300, 20))
    values[events["run"] == 6] += 1
    shifted = {one.second: one for one in found(events, values)[1:]}
    assert set(shifted) == {"run 5", "run 6", "run 7"}
    assert shifted["run 6"].first == "runs 5, 7 of class a"
    assert max(shifted.values(), key=lambda one: abs(one.mean)).second == "run 6"
    assert shifted["run 6"].mean_p < 1e-9


def test_the_difference_of_means_is_in_deviations():
    values = np.random.default_rng(1).normal(0, 3, (2000, 5))
    values[1000:] += 6
    _, run = found(table([1] * 1000 + [2] * 1000), values)
    # Deviation about the common mean: (9 + 9) ** 0.5.
    assert run.mean == pytest.approx(6 / 18**0.5, rel=0.03)


@pytest.mark.parametrize("runs", [[1] * 50, [1] * 50 + [2] * 9], ids=["one run", "a small run"])
def test_runs_that_cannot_be_compared(runs):
    values = np.random.default_rng(1).normal(0, 1, (len(runs), 5))
    assert [one.first for one in found(table(runs), values)] == ["training"]


def test_constant_values_do_not_differ():
    _, run = found(table([1] * 20 + [2] * 20), np.zeros((40, 5)))
    assert (run.mean, run.ratio, run.mean_p, run.ratio_p) == (0, 1, 1, 1)
