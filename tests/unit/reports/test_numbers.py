"""Numbers as the page writes them."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runsieve.reports.page.numbers import Quoted, count, number, quoted, significant


def test_numbers_in_words():
    assert (number(0.12345), number(None), number(float("nan"))) == ("0.1235", "", "")
    assert (number(-0.5, 1), number(math.inf), number(-math.inf)) == ("\u22120.5", "∞", "\u2212∞")
    assert (count(1234567), count(None), count(2.6)) == ("1\u2009234\u2009567", "", "3")
    assert (significant(0.012345), significant(None), significant(1e-9)) == (
        "0.012",
        "",
        "1e\u221209",
    )


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ((0.91980, 0.91251, 0.92650), Quoted("0.9198", "+0.0067", "\u22120.0073")),
        ((90.62, 89.58, 91.66), Quoted("90.6", "±\u20091.0")),
        ((784.0, 237.9, 4538.7), Quoted("784", "+3755", "\u2212546")),
        ((1.0, 0.9987, 1.0), Quoted("1.0000", "+0.0000", "\u22120.0013")),
        ((0.5, 0.5, 0.5), Quoted("0.5000", "±\u20090.0000")),
        ((0.5, None, None), Quoted("0.5000")),
        ((None, None, None), Quoted("")),
        ((2.0, 1.0, math.inf), Quoted("2.0000")),
        ((-0.00113, -0.00142, -0.00084), Quoted("\u22120.00113", "±\u20090.00029")),
        ((10.0, 9.004, 10.996), Quoted("10.0", "±\u20091.0")),
    ],
)
def test_errors_have_two_digits(values, expected):
    assert quoted(*values) == expected


@given(st.floats(-1e3, 1e3), st.floats(1e-5, 1e3), st.floats(1e-5, 1e3))
def test_what_is_quoted_is_the_value_within_its_rounding(value, down, up):
    found = quoted(value, value - down, value + up)
    decimals = len(found.value.partition(".")[2])
    assert float(found.value.replace("\u2212", "-")) == pytest.approx(
        value, abs=0.51 * 10**-decimals
    )
    if decimals not in (0, 6):
        largest = max(up, down)
        assert 9.5 <= largest * 10**decimals < 99.6
