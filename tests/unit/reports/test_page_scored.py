"""Scored runs on the page: kinds, runs with links to their scores, and runs that do not agree."""

from pathlib import Path

import pandas as pd
import pytest

from helpers.scored_runs import counts_of, cut_of
from runsieve.reports.page import seen
from runsieve.reports.page.captions import Captions
from runsieve.reports.page.figures import Gallery
from runsieve.reports.page.files import AnalysisFiles, ScoredFiles
from runsieve.reports.page.picture import Pictures
from runsieve.reports.page.reading import Reader
from runsieve.reports.page.scored import read_scored, unstable
from runsieve.scoring.counting import ScoredRun
from runsieve.scoring.stability import stability_table
from runsieve.tables import write_csv

ANALYSIS = AnalysisFiles.model_construct(name="study", titles={"signal": "Signal"})


def scored(folder: Path, kept: list[int], days: float | None = 2.0, classes=("signal",)):
    """Files of runs of 400 selected events, of which a number is kept of each."""
    runs = [ScoredRun(10 + place, "physics", days) for place in range(len(kept))]
    cut = cut_of(dict.fromkeys(classes, 0.75))
    rows = [(run.run, 3, 0, 400, 400, one) for run, one in zip(runs, kept, strict=True)]
    counts = pd.concat([counts_of(rows, name) for name in classes])
    write_csv(stability_table(counts, cut, runs), folder / "stability.csv")
    names = {name: f"{folder}/{name}.svg" for name in ("scored_spectrum", "stability")}
    for path in names.values():
        Path(path).write_text('<svg viewBox="0 0 9 9" width="9pt" height="9pt"></svg>')
    return ScoredFiles(
        sample="all",
        model="small",
        spectrum=f"{folder}/spectrum.csv",
        stability=f"{folder}/stability.csv",
        kept=f"{folder}/kept.csv",
        figures=names,
        friends={run.run: f"{folder}/run{run.run}.root" for run in runs},
        tables={run.run: f"{folder}/run{run.run}.parquet" for run in runs},
    )


def content(files: ScoredFiles, folder: Path):
    return read_scored(files, ANALYSIS, Gallery(Reader(folder), Pictures(), Captions({}), "study"))


def texts(table) -> list[list[str]]:
    return [[cell.text or str(cell.quoted or "") for cell in row.cells] for row in table.rows]


def test_kinds_and_runs_are_told(tmp_path):
    found = content(scored(tmp_path, [40, 44]), tmp_path)
    titles = [column.title for column in found["kinds"].columns]
    assert titles[:5] == ["kind", "live time / days", "selected", "left out", "kept"]
    assert titles[5:] == ["fraction kept", "p of fractions", "kept per day", "p of rates"]
    ((kind, days, *counts, fraction, p_fraction, rate, p_rate),) = texts(found["kinds"])
    assert (kind, days, counts) == ("physics", "4", ["800", "0", "84"])
    assert fraction.startswith("0.105") and rate.startswith("21.0")
    assert 0.5 < float(p_fraction) < 0.8 and 0.5 < float(p_rate) < 0.8
    assert "the cut of tight (score 0.75) keeps" in found["kinds"].caption
    runs = texts(found["runs"])
    assert [row[0] for row in runs] == ["10", "11"]
    assert runs[1][-2:] == ["run11.root", "run11.parquet"]
    assert found["runs"].rows[1].cells[-1].link == "run11.parquet"
    assert set(found["links"]) == {"kept.csv", "spectrum.csv", "stability.csv"}
    assert [one.name for one in found["figures"]] == ["scored_spectrum", "stability"]


def test_without_live_time_there_are_no_rates(tmp_path):
    found = content(scored(tmp_path, [40, 44], None), tmp_path)
    titles = [column.title for column in found["kinds"].columns]
    assert titles == ["kind", "selected", "left out", "kept", "fraction kept", "p of fractions"]
    assert "kept per day" not in [column.title for column in found["runs"].columns]


def test_several_classes_are_told_apart(tmp_path):
    found = content(scored(tmp_path, [40, 44], classes=("signal", "muon")), tmp_path)
    assert [row[1] for row in texts(found["kinds"])] == ["Signal", "muon"]


def test_of_many_runs_those_that_keep_least_and_most_are_shown(tmp_path):
    found = content(scored(tmp_path, list(range(20, 80))), tmp_path)
    kept = [int(row[5]) for row in texts(found["runs"])]
    assert kept == [20, 21, 22, 77, 78, 79]
    assert found["runs"].note.startswith("Of 60 runs, the 3 of each kind that keep least")


@pytest.mark.parametrize("runs", [2, 60])
def test_runs_that_could_not_be_scored_are_named(tmp_path, runs):
    files = scored(tmp_path, [40] * runs)
    absent = {90: "run 90: no file 'a.root'", 91: "run 91: no file 'b.root'"}
    note = content(files.model_copy(update={"left_out": absent}), tmp_path)["runs"].note
    said = "2 runs are left out, because files are missing or damaged: 90, 91."
    assert note.endswith(said) and note.startswith("Of 60" if runs == 60 else "2 runs")


@pytest.mark.parametrize(("kept", "number"), [([40, 44, 41], 0), ([40, 44, 90], 2)])
def test_runs_that_do_not_agree_are_remarked(tmp_path, kept, number):
    files = scored(tmp_path, kept)
    found = list(unstable(files, ANALYSIS, Reader(tmp_path)))
    assert len(found) == number
    for one, what in zip(found, ("fraction of events kept", "rate kept"), strict=False):
        assert one.text.startswith(f"Runs of the kind physics differ in the {what} as Signal (p = ")
        assert one.anchor == "study-scored-all-small"


def test_what_is_kept_is_said_in_words(tmp_path):
    timed, other = (
        pd.read_csv(scored(tmp_path, [40, 44], days).stability, dtype={"run": str, "channel": str})
        for days in (2.0, None)
    )
    said = seen.kept(timed[timed["channel"] == "all"])
    assert said.startswith("physics, kept as signal: 21.0") and "by run 20 to 22" in said
    said = seen.kept(other[other["channel"] == "all"])
    assert said.startswith("physics, kept as signal: 0.105") and said.endswith("0.1 to 0.11.")
