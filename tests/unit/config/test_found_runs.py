"""Ranges in run sheets stand for the runs whose files are found."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runsieve.config.found_runs import RangeError, numbers_of, runs_found
from runsieve.config.run_sheet import read_run_sheet


def touch(folder, *names):
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


def write(path, *lines):
    path.write_text("".join("\t".join(line) + "\n" for line in lines))
    return path


def test_numbers_of_a_range_include_both_ends():
    assert numbers_of("1000-1002") == numbers_of("1000 - 1002") == range(1000, 1003)
    assert numbers_of("1000") is numbers_of("-5") is numbers_of("1-2-3") is None


def test_a_range_stands_for_the_runs_whose_files_are_found(tmp_path):
    touch(tmp_path, "run7_0.root", "run7_1.root", "run9_0.root", "run11_0.root", "run8_0.txt")
    files = f"{tmp_path}/run{{run}}_*.root"
    found = list(runs_found(range(7, 11), files))
    assert found == [(run, f"{tmp_path}/run{run}_*.root") for run in (7, 9)]


def test_leading_zeros_are_kept_and_the_number_may_name_a_folder_too(tmp_path):
    touch(tmp_path, "a/0007/raw.0007.root", "b/0008/raw.0008.root", "b/0009/raw.0008.root")
    files = f"{tmp_path}/*/{{run}}/raw.{{run}}.root /calib/{{run}}.root"
    assert list(runs_found(range(1, 100), files)) == [
        (run, f"{tmp_path}/*/000{run}/raw.000{run}.root /calib/000{run}.root") for run in (7, 8)
    ]


def test_a_wildcard_before_the_number_takes_no_digit_of_it(tmp_path):
    touch(tmp_path, "data_v2_run1234.root", "data_v2_1235.root")
    found = [run for run, _ in runs_found(range(1, 9999), f"{tmp_path}/data*{{run}}.root")]
    assert found == [1234, 1235]


def test_without_files_or_with_an_address_a_range_stands_for_all_numbers():
    assert list(runs_found(range(7, 9), "")) == [(7, ""), (8, "")]
    assert list(runs_found(range(7, 8), "root://a//{run}.root")) == [(7, "root://a//7.root")]


@pytest.mark.parametrize(
    ("numbers", "files", "said"),
    [
        (range(9, 8), "", "expected a range that rises, found 9-7"),
        (range(1, 9), "/data/a.root", "the files of a range need {run} in their names"),
        (range(1, 9), "nowhere/{run}.root", "no file 'nowhere/{run}.root' has a run number in 1"),
        (range(2_000_000), "", "expected at most 1,000,000 runs, found 2,000,000"),
    ],
)
def test_a_range_that_stands_for_no_run(numbers, files, said):
    with pytest.raises(RangeError, match=said.replace("{", r"\{")):
        list(runs_found(numbers, files))


def test_one_number_with_and_without_zeros_is_a_mistake(tmp_path):
    touch(tmp_path, "7.root", "007.root")
    with pytest.raises(RangeError, match="finds run 7 as 007 and as 7"):
        list(runs_found(range(1, 9), f"{tmp_path}/{{run}}.root"))


@given(st.sets(st.integers(0, 3000), min_size=1, max_size=40), st.integers(0, 3000))
def test_exactly_the_numbers_of_the_range_are_found(tmp_path_factory, runs, start):
    folder = tmp_path_factory.mktemp("found")
    touch(folder, *(f"r{run}.root" for run in runs), "r.root", "rx.root")
    numbers = range(start, start + 1000)
    expected = sorted(runs & set(numbers))
    if expected:
        assert [run for run, _ in runs_found(numbers, f"{folder}/r{{run}}.root")] == expected
    else:
        with pytest.raises(RangeError):
            list(runs_found(numbers, f"{folder}/r{{run}}.root"))


def test_a_sheet_with_a_range_a_run_and_conditions(tmp_path):
    touch(tmp_path, "5.root", "6.root", "9.root")
    sheet = read_run_sheet(
        write(
            tmp_path / "runs.tsv",
            ("run", "kind", "files", "temperature", "shift_leader"),
            ("1-6", "physics", f"{tmp_path}/{{run}}.root", "21.5", "Ada"),
            ("9", "calibration", f"{tmp_path}/{{run}}.root", "", ""),
        )
    )
    assert sheet.errors == []
    assert {number: run.kind for number, run in sheet.runs.items()} == {
        5: "physics",
        6: "physics",
        9: "calibration",
    }
    assert sheet.runs[6].files == f"{tmp_path}/6.root"
    assert sheet.runs[9].files == f"{tmp_path}/9.root"
    assert sheet.runs[5].conditions == {"temperature": "21.5", "shift_leader": "Ada"}


def test_mistakes_of_a_range_are_told_once(tmp_path):
    header = ("run", "kind", "livetime", "checksums")
    path = write(
        tmp_path / "runs.tsv",
        header,
        ("1-9", "a", "-1"),
        ("9-1", "a"),
        ("20-30", "a", "", "adler32:1"),
        ("40", "a"),
        ("38-41", "a"),
    )
    assert read_run_sheet(path).errors == [
        f"{path}: line 2: livetime: expected a number greater than 0, found '-1'",
        f"{path}: line 3: run: expected a range that rises, found 9-1",
        f"{path}: line 4: run: checksums: give each run of its own line",
        f"{path}: line 6: run 40 is listed on more than one line",
    ]
