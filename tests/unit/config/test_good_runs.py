"""Good-run lists: what they hold, and what is wrong with some."""

import pytest

from runsieve.config.good_runs import read_good_runs


def test_a_list_holds_numbers_and_ranges(tmp_path):
    path = tmp_path / "good.txt"
    path.write_text("# approved in May\n7, 9\n1000 - 1002  # a range\n\n2000\n")
    good, errors = read_good_runs(path)
    assert errors == []
    assert [run for run in range(3000) if run in good] == [7, 9, 1000, 1001, 1002, 2000]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("# nothing\n", "{}: the good-run list names no run"),
        ("7\n9-8 ten", "{}: line 2: expected a run number or a range such as 1000-2999, found "),
        (None, "{}: the good-run list does not exist"),
    ],
)
def test_mistakes_in_a_list(tmp_path, text, said):
    path = tmp_path / "good.txt"
    if text is not None:
        path.write_text(text)
    errors = read_good_runs(path)[1]
    assert errors
    assert all(error.startswith(said.format(path)) for error in errors)


def test_bytes_that_are_no_text_are_a_mistake(tmp_path):
    path = tmp_path / "good.txt"
    path.write_bytes(b"\xff\xfe7")
    (error,) = read_good_runs(path)[1]
    assert "cannot be read" in error
