"""Run sheets: what they hold, and what is wrong with some."""

import pytest

from runsieve.config.run_sheet import read_run_sheet


def test_run_sheet(tmp_path):
    path = tmp_path / "runs.tsv"
    path.write_text(
        "# my runs\nrun\tkind\tfiles\tevents\n\n7\tphysics\ta.root b*.root\n8\tx\t\t10\n"
    )
    sheet = read_run_sheet(path)
    first, second = sheet.runs.values()
    assert sheet.errors == sheet.lost == []
    assert (first.run, first.kind, first.files, first.simulated) == (
        7,
        "physics",
        "a.root b*.root",
        False,
    )
    assert (second.events, second.simulated) == (10, True)


def test_live_times_are_optional(tmp_path):
    path = tmp_path / "runs.tsv"
    path.write_text("run\tkind\tlivetime\n7\tphysics\t57.1\n8\tphysics\t\n")
    assert [run.livetime for run in read_run_sheet(path).runs.values()] == [57.1, None]


def test_checksums_are_in_lower_case_and_complete(tmp_path):
    path = tmp_path / "runs.tsv"
    given = f"sha256:{'AB' * 32} ADLER32:7de0225"
    path.write_text(f"run\tkind\tfiles\tchecksums\n7\tx\ta.root b.root\t{given}\n8\tx\tc.root\t\n")
    first, second = read_run_sheet(path).runs.values()
    assert first.checksums == f"sha256:{'ab' * 32} adler32:07de0225"
    assert second.checksums == ""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "the run sheet is empty"),
        ("run\tkind\n", "the run sheet names no run"),
        ("run,kind\n7,physics\n", "the first line must name tab-separated columns"),
        ("run\tkind\tfile\n7\tphysics\ta\n", "the first line must name tab-separated columns"),
        ("run\tkind\nseven\tphysics\n", "line 2: run: expected a whole number"),
        ("run\tkind\n\n7\tphysics\n-8\tx\n", "line 4: run: expected a number of at least 0"),
        ("run\tkind\n7\t\n", "line 2: kind: "),
        ("run\tkind\tlivetime\n7\tx\t0\n", "line 2: livetime: expected a number greater than 0"),
        ("run\tkind\tlivetime\n7\tx\tinf\n", "line 2: livetime: expected a finite number"),
        (
            "run\tkind\tfiles\tchecksums\n7\tx\ta.root\tmd5:aa\n",
            "line 2: checksums: sha256: and 64, or adler32: and up to 8 hexadecimal digits, found "
            "'md5:aa'",
        ),
        (
            "run\tkind\tfiles\tchecksums\n7\tx\ta.root\tsha256:aa\n",
            "digits, found 'sha256:aa'",
        ),
        (
            "run\tkind\tevents\tchecksums\n7\tx\t9\tadler32:11e60398\n",
            "line 2: checksums: only for runs whose files are ROOT files",
        ),
        (
            "run\tkind\tfiles\tchecksums\n7\tx\ta.npz\tadler32:11e60398\n",
            "line 2: checksums: only for runs whose files are ROOT files",
        ),
        ("run\tkind\n7\ta\tb\n", "line 2: 3 fields, expected 2"),
        ("run\tkind\n7\ta\n7\tb\n", "run 7 is listed on more than one line"),
    ],
)
def test_mistakes_in_a_run_sheet(tmp_path, text, said):
    path = tmp_path / "runs.tsv"
    path.write_text(text)
    (error,) = read_run_sheet(path).errors
    assert error.startswith(f"{path}: ")
    assert said in error
    assert "\n" not in error


def test_correct_lines_are_read_beside_wrong_ones(tmp_path):
    path = tmp_path / "runs.tsv"
    path.write_text("run\tkind\nseven\tphysics\n8\tphysics\n9\t?\n8\tnoise\nx\ty\tz\n")
    sheet = read_run_sheet(path)
    assert [(number, run.run) for number, run in sheet.runs.items()] == [(8, 8)]
    places = ["line 2", "line 4", "line 5", "line 6"]
    assert [error.split(": ")[1] for error in sheet.errors] == places
    assert sheet.lost == [(None, "physics"), (9, None), (None, "noise"), (None, None)]
