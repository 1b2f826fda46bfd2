"""Roots to the precision of floats."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import brentq

from runsieve.evaluation.bisection import bisected


@given(st.floats(-10, 10), st.floats(0.01, 5), st.sampled_from([1, -1]))
def test_a_root_is_that_of_brentq(place, slope, sign):
    def function(value):
        return sign * (slope * (value - place) + (value - place) ** 3)

    found = bisected(function, -11.0, 11.0)
    assert found == pytest.approx(brentq(function, -11.0, 11.0), abs=1e-9)
    assert found == pytest.approx(place, abs=1e-14)


def test_a_step_is_found_at_its_place():
    assert bisected(lambda value: 1.0 if value >= 0.3 else -1.0, 0.0, 1.0) == pytest.approx(0.3)


def test_a_root_at_an_end_is_found():
    for sign in (1, -1):
        assert bisected(lambda value, sign=sign: sign * value, -1.0, 0.0) == 0
        assert bisected(lambda value, sign=sign: sign * value, 0.0, 1.0) == 0


def test_without_a_change_of_sign_there_is_no_root():
    with pytest.raises(ValueError, match="no change of sign between 0 and 1"):
        bisected(lambda value: 1 + value, 0.0, 1.0)
