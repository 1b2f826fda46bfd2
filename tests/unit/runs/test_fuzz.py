"""One flipped byte: no crash, no hang, and no error but those of the project (docs/damage.md)."""

import collections
import importlib.util

import pytest

from helpers.fuzzing.cases import FAULTS, Case, cases_of, tried
from helpers.fuzzing.layouts import COMPRESSIONS, LAYOUTS, file_name
from helpers.fuzzing.reading import expected, read
from helpers.fuzzing.root_files import write_root_files
from helpers.fuzzing.uproot_files import write_uproot_files

WRITERS = {
    "uproot": (write_uproot_files, ("fixed", "counted")),
    "root": (write_root_files, LAYOUTS),
}
CASES = 6  # per file


@pytest.fixture(scope="module", params=WRITERS)
def files(request, tmp_path_factory):
    """The files of a writer, by layout and compression."""
    if request.param == "root" and importlib.util.find_spec("ROOT") is None:
        pytest.skip("ROOT's own files need the Python package `root` (pip install --no-deps root)")
    folder = tmp_path_factory.mktemp(request.param)
    write, layouts = WRITERS[request.param]
    write(folder)
    return {
        (one, other): folder / file_name(one, other) for one in layouts for other in COMPRESSIONS
    }


def test_undamaged_files_are_read_as_written(files):
    for (layout, _), file in files.items():
        assert read(str(file), layout) == expected(layout), file.name


def test_a_flipped_byte_gives_values_or_an_error_of_the_project(files, tmp_path):
    outcomes = collections.defaultdict(collections.Counter)
    cases = [case for file in files.values() for case in cases_of(file, CASES, 1)]
    for result in tried(cases, tmp_path):
        assert result.outcome not in FAULTS, result
        outcomes[result.case.file.stem.split("-")[1]][result.outcome] += 1
    assert all(outcomes[name]["refused"] for name in ("ZLIB", "LZ4", "LZMA", "ZSTD"))
    assert outcomes["none"]["wrong"]  # nothing can notice another number there


@pytest.mark.parametrize("algorithm", ["sha256", "adler32"])
def test_with_a_checksum_every_flipped_byte_is_refused(files, tmp_path, algorithm):
    cases = [case for file in files.values() for case in cases_of(file, 2, 2)]
    for result in tried(cases, tmp_path, algorithm):
        assert result.outcome == "refused" and "its checksum should be" in result.message, result


def test_a_crash_is_seen_and_the_next_case_is_tried(files, tmp_path, monkeypatch):
    """The workers themselves: an error of another kind, and the end of a process."""
    file = next(iter(files.values()))
    missing = Case(tmp_path / "fixed-missing.root", 0, 1)
    first, second = tried([missing, cases_of(file, 1, 1)[0]], tmp_path)
    assert (first.outcome, first.message) == ("signal", "exit code 1")
    assert second.outcome not in FAULTS
