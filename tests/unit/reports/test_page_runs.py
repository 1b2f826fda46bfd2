"""Runs on the page: all of a few, and of a campaign those that stand out."""

import pandas as pd

from runsieve.reports.page.runs import files_of_runs, runs_table


def statistics(runs):
    rows = [(run, "signal", 1, 100 + (run * 7) % runs) for run in range(1000, 1000 + runs)]
    return pd.DataFrame(rows, columns=["run", "class", "channel", "events"])


def test_a_few_runs_are_all_shown():
    shown = runs_table(statistics(50), "statistics.csv", "crystal")
    assert [row.number for row in shown.rows] == list(range(50))
    assert shown.note == ""


def test_of_a_campaign_the_extreme_runs_are_shown():
    table = statistics(2000)
    shown = runs_table(table, "statistics.csv", "crystal")
    events = table["events"].loc[[row.number for row in shown.rows]]
    assert sorted(events) == [100, 101, 102, 2097, 2098, 2099]
    assert "runs (1000-2999), the 3 with the fewest" in shown.note


def run(number, kind="physics", **files):
    return {"run": number, "kind": kind, "origin": "files", "files": files}


def test_files_of_a_few_runs_are_all_shown():
    rows = list(files_of_runs([run(7, a="adler32:1", b=None)]))
    assert [(row["runs"], row["file"], row["checksum"]) for row in rows] == [
        ("7", "a", "adler32:1"),
        ("7", "b", "not given"),
    ]


def test_of_a_campaign_there_is_a_row_for_each_kind():
    many = [run(number, a="adler32:1") for number in range(1000, 1060)]
    many += [run(1060, "calibration", a=None), run(1061, a=None)]
    rows = list(files_of_runs(many))
    assert [(row["runs"], row["kind"], row["checksum"]) for row in rows] == [
        ("1060", "calibration", "given for 0 of 1 files"),
        ("1000-1059, 1061", "physics", "given for 60 of 61 files"),
    ]
