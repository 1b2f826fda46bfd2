"""Progress is printed when a line is due, and no earlier."""

import pytest

from runsieve import progress
from runsieve.progress import Progress


class Clock:
    """Time that passes when a test says so."""

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(progress, "time", made)
    return made


def test_a_line_says_what_is_done_and_how_much_of_it(capsys):
    counter = Progress("run 41: events read", total=1000, seconds=-1)
    counter.advance(250)
    counter.advance(note=", loss 0.5")
    assert capsys.readouterr().out.splitlines() == [
        "run 41: events read: 250 of 1000 (25 %)",
        "run 41: events read: 251 of 1000 (25 %), loss 0.5",
    ]


def test_a_short_loop_is_silent(capsys, clock):
    counter = Progress("events", total=100)
    for _ in range(100):
        clock.now += 0.09
        counter.advance()
    assert counter.done == 100
    assert capsys.readouterr().out == ""


def test_lines_come_at_intervals_and_count_all_that_was_done(capsys, clock):
    counter = Progress("events", total=100, seconds=10)
    for _ in range(100):
        clock.now += 0.3
        counter.advance()
    lines = capsys.readouterr().out.splitlines()
    assert lines == ["events: 34 of 100 (34 %)", "events: 68 of 100 (68 %)"]


def test_the_first_line_waits_as_well(capsys, clock):
    counter = Progress("events", total=4)
    clock.now += 9
    counter.advance()
    assert capsys.readouterr().out == ""
    clock.now += 2
    counter.advance()
    assert capsys.readouterr().out == "events: 2 of 4 (50 %)\n"


def test_a_total_of_nothing_is_no_error(capsys):
    Progress("events", total=0, seconds=-1).advance(0)
    assert capsys.readouterr().out == "events: 0 of 0 (0 %)\n"
