"""Items that are made in a thread come in order, with their errors, and the thread ends."""

import threading
from itertools import count

import pytest

from runsieve.scoring.ahead import ahead


def names() -> list[str]:
    return [thread.name for thread in threading.enumerate()]


def test_all_items_in_their_order():
    assert list(ahead(range(100))) == list(range(100))
    assert list(ahead([])) == []
    assert "ahead" not in names()


def test_an_error_comes_after_the_items_before_it():
    def broken():
        yield 1
        raise KeyError("basket")

    found = []
    with pytest.raises(KeyError, match="basket"):
        for item in ahead(broken()):
            found.append(item)
    assert found == [1]


def test_no_more_than_some_are_made_before_they_are_wanted():
    made = []

    def items():
        for number in count():
            made.append(number)
            yield number

    source = ahead(items(), waiting=2)
    assert next(source) == 0
    source.close()
    assert "ahead" not in names()
    assert len(made) <= 5
