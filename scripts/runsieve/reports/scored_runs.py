"""The report of runs that were scored with one model: what a cut keeps of them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from runsieve.config.report import Report
from runsieve.config.working_point import WorkingPoint
from runsieve.evaluation.predictions import read_predictions
from runsieve.figures.described import Described
from runsieve.figures.spectrum import draw_spectrum
from runsieve.figures.stability import draw_stability
from runsieve.figures.style import files_by_name, save
from runsieve.scoring.counting import OUTSIDE, Bins, ScoredRun, count_runs
from runsieve.scoring.cut import Cut, efficiencies, headline_cut
from runsieve.scoring.spectrum import spectrum_table
from runsieve.scoring.stability import stability_table


@dataclass(frozen=True)
class ScoredReport:
    """What a cut keeps of some runs: `spectrum_table` and `stability_table`."""

    cut: Cut
    settings: Report
    spectrum: pd.DataFrame
    stability: pd.DataFrame


def read_scored_runs(
    scores: str | Path,
    tables: Mapping[int, str | Path],
    runs: Sequence[ScoredRun],
    classes: Sequence[str],
    channels: Mapping[int, float | None],
    settings: Report,
    points: Mapping[str, WorkingPoint],
) -> ScoredReport:
    """The report at the working point to quote; prints how many events are outside the bins.

    scores: of the sample, which tell thresholds and efficiencies; tables: of scored runs, by run;
    channels: of the sample, with their masses in kg, None if these are not known
    """
    predictions = read_predictions(scores, classes, settings.binned)
    cut = headline_cut(points, predictions)
    counts = count_runs(tables, cut, list(channels), Bins(settings.binned, settings.bin_edges))
    outside = counts[(counts["bin"] == OUTSIDE) & (counts["class"] == counts["class"].iloc[0])]
    if outside["selected"].any():
        number = outside["selected"].sum()
        print(f"{number} selected events are outside the bins of {settings.binned}")
    efficiency = efficiencies(cut, predictions, settings)
    masses = {one: mass for one, mass in channels.items() if mass is not None}
    spectrum = spectrum_table(counts, cut, efficiency, runs, settings, masses)
    return ScoredReport(cut, settings, spectrum, stability_table(counts, cut, runs))


def draw_scored_runs(
    report: ScoredReport, described: Described, figures: Iterable[str | Path]
) -> None:
    """Write the figures spectrum and stability to the files of these names (svg, pdf, png)."""
    cut = report.cut.decision.title()
    files = files_by_name(figures)
    label = report.settings.axis_label
    save(draw_spectrum(report.spectrum, label, cut, described), files["spectrum"])
    save(draw_stability(report.stability, cut, described), files["stability"])
