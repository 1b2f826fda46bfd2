"""Bins of the oracle that a threshold can only take or leave."""

import pandas as pd
import pytest

from runsieve.reports.page.flat_bins import flat_bins


def decision(passed=0, total=40, others=0.9):
    rows = [
        ("oracle", "s", 4.0, 4.5, total, passed, passed / total),
        ("oracle", "s", 4.5, 5.0, 40, 40, 1.0),
        ("oracle", "b", 4.0, 4.5, 40, 0, 0.0),
        ("cnn", "s", 4.0, 4.5, total, 0, others),
        ("cnn", "s", 4.5, 5.0, 40, 0, 0.0),
    ]
    names = ["model", "class", "low", "high", "total", "passed", "efficiency"]
    return pd.DataFrame(rows, columns=names).assign(variable="energy", threshold=0.8145)


def histogram(scores=(0, 0, 2, 38)):
    low, high = [4.0, 4.5, 4.0], [4.5, 5.0, 4.5]
    table = pd.DataFrame({"class": ["s", "s", "b"], "low": low, "high": high})
    names = ["score_0.00", "score_0.25", "score_0.50", "score_0.75"]
    return table.assign(**dict(zip(names, scores, strict=True)))


def test_a_flat_bin_is_named_with_its_scores():
    assert flat_bins(decision(), histogram(), "oracle", "keV").startswith(
        "The oracle keeps no signal in energy 4 to 4.5 keV (38 of 40 signal events score from 0.75 "
        "to 1.00, below the threshold of 0.815): nearly all of it has the same score there"
    )


@pytest.mark.parametrize(
    ("rows", "scores"),
    [
        (decision(passed=1), histogram()),
        (decision(total=9), histogram((0, 0, 0, 9))),
        (decision(others=0.1), histogram()),  # nobody can tell the classes apart
        (decision(), histogram((10, 10, 10, 10))),
        (decision().query("model != 'oracle'"), histogram()),
        (decision().assign(low=None), histogram()),
    ],
)
def test_other_bins_are_not(rows, scores):
    assert flat_bins(rows, scores, "oracle") == ""
