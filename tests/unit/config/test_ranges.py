import pytest
from hypothesis import given
from hypothesis import strategies as st

from runsieve.config.ranges import run_ranges


@pytest.mark.parametrize(
    ("runs", "text"),
    [
        ([], ""),
        ([7], "7"),
        ([1, 2], "1, 2"),
        ([3, 2, 1, 2], "1-3"),
        ([*range(1000, 3000), 1, 2, 7], "1, 2, 7, 1000-2999"),
    ],
)
def test_ranges(runs, text):
    assert run_ranges(runs) == text


@given(st.sets(st.integers(0, 60)))
def test_every_run_is_in_exactly_one_part(runs):
    found = []
    for part in filter(None, run_ranges(runs).split(", ")):
        ends = [int(one) for one in part.split("-")]
        found += range(ends[0], ends[-1] + 1)
    assert found == sorted(runs)
