"""The figures of scored runs draw the numbers of their tables, whatever is known of the runs."""

import numpy as np
import pandas as pd
import pytest

from helpers.scored_runs import counts_of, cut_of, efficiency_of
from runsieve.config.base import Edges
from runsieve.config.report import Report
from runsieve.figures.described import Described
from runsieve.figures.spectrum import draw_spectrum
from runsieve.figures.stability import draw_stability
from runsieve.figures.style import save
from runsieve.scoring.counting import ScoredRun
from runsieve.scoring.spectrum import spectrum_table
from runsieve.scoring.stability import stability_table

REPORT = Report(edges=Edges(values=[0, 2, 10]))
ONE, SEVERAL = ["signal"], ["a", "b", "c"]


def tables(runs, classes=ONE, report=REPORT, kept=1, threshold=0.5):
    """Spectrum and stability of runs with 100 selected events in each bin of two channels.

    kept: factor on the numbers that are kept
    """
    bins = 1 if report.bin_edges is None else 2
    rows = [
        (run.run, channel, place, 100, 100, kept * (7 + channel + 3 * place))
        for run in runs
        for channel in (1, 2)
        for place in range(bins)
    ]
    counts = pd.concat([counts_of(rows, name) for name in classes], ignore_index=True)
    efficiency = pd.concat([efficiency_of(bins, name=name) for name in classes])
    keeping = cut_of(dict.fromkeys(classes, threshold))
    spectrum = spectrum_table(counts, keeping, efficiency, runs, report, {})
    return spectrum, stability_table(counts, keeping, runs)


def runs_of(kinds, number=2, days=None):
    return [
        ScoredRun(100 * place + one, kind, days)
        for place, kind in enumerate(kinds)
        for one in range(number)
    ]


def written(figure, folder):
    save(figure, folder / "figure.svg")
    assert (folder / "figure.svg").read_text(encoding="utf-8").rstrip().endswith("</svg>")
    return figure


def points(axes) -> list[list[float]]:
    return [list(bars.lines[0].get_ydata()) for bars in axes.containers]


@pytest.mark.parametrize("days", [None, 2.0])
@pytest.mark.parametrize("kinds", [["physics"], ["physics", "calibration", "source"]])
def test_spectra_of_each_kind(tmp_path, kinds, days):
    spectrum, _ = tables(runs_of(kinds, days=days))
    figure = written(draw_spectrum(spectrum, "energy [keV]", "the cut", Described("m")), tmp_path)
    tops = figure.axes[::2] if len(kinds) == 1 else [one for one in figure.axes if one.patches]
    assert [one.get_title("left") for one in tops] == kinds
    axes = tops[0]
    (steps,) = axes.patches
    whole = spectrum[(spectrum["run"] == "all") & (spectrum["channel"] == "all")]
    whole = whole[whole["kind"] == "physics"]
    names = ["rate_kept", "rate_corrected"] if days else ["kept_scaled", "corrected"]
    np.testing.assert_array_equal(
        steps.get_data().values, whole["rate_selected" if days else "selected"]
    )
    assert points(axes) == [whole[name].tolist() for name in names]
    assert axes.get_ylabel() == ("events per day and keV" if days else "events per bin")
    low, high = axes.get_ylim()
    assert low < min(points(axes)[0]) and high > max(steps.get_data().values)


def test_of_several_classes_each_is_corrected(tmp_path):
    spectrum, stability = tables(runs_of(["physics"]), SEVERAL)
    described = Described("m", {"a": "Aufwärts"})
    figure = written(draw_spectrum(spectrum, "energy [keV]", "the cut", described), tmp_path)
    assert len(points(figure.axes[0])) == len(points(figure.axes[1])) == 3
    labels = figure.axes[0].get_legend_handles_labels()[1]
    assert labels == ["selected", "Aufwärts, corrected", "b, corrected", "c, corrected"]
    figure = written(draw_stability(stability, "the cut", described), tmp_path)
    assert figure.axes[0].get_legend_handles_labels()[1] == ["Aufwärts", "b", "c"]


@pytest.mark.parametrize("classes", [ONE, SEVERAL])
def test_without_a_variable_each_kind_and_class_is_a_row(tmp_path, classes):
    spectrum, _ = tables(runs_of(["x", "y"]), classes, Report(variable=None))
    figure = written(draw_spectrum(spectrum, "", "the cut"), tmp_path)
    names = [text.get_text() for text in figure.axes[0].get_yticklabels()]
    assert names == (["x", "y"] if classes == ONE else [f"{k}, {c}" for k in "xy" for c in "abc"])
    assert "34 of 400" in [text.get_text() for text in figure.axes[0].texts]


@pytest.mark.parametrize("days", [None, 2.0])
def test_stability_of_each_kind(tmp_path, days):
    _, stability = tables(runs_of(["physics", "source"], 3, days))
    figure = written(draw_stability(stability, "the cut", Described("m")), tmp_path)
    assert [one.get_title("left") for one in figure.axes] == ["physics", "source"]
    axes = figure.axes[1]
    assert [text.get_text() for text in axes.get_xticklabels()] == ["100", "101", "102"]
    whole = stability[(stability["kind"] == "source") & (stability["channel"] == "all")]
    value = "rate" if days else "fraction"
    assert points(axes) == [whole.loc[whole["run"] != "all", value].tolist()]
    line = next(one for one in axes.lines if one.get_linestyle() == "--")
    assert line.get_ydata()[0] == whole[value].iloc[-1]
    assert axes.get_title("right").startswith("p = ")
    assert axes.get_ylabel() == ("kept per day" if days else "fraction kept")


def test_of_many_runs_not_all_are_named(tmp_path):
    _, stability = tables(runs_of(["physics"], 200))
    figure = written(draw_stability(stability, "the cut"), tmp_path)
    names = [text.get_text() for text in figure.axes[0].get_xticklabels()]
    assert names[:2] == ["0", "9"] and len(names) <= 24
    assert len(points(figure.axes[0])[0]) == 200


@pytest.mark.parametrize("threshold", [0.5, None])
def test_nothing_kept_or_nothing_known_is_drawn(tmp_path, threshold):
    runs = [ScoredRun(1, "a"), ScoredRun(2, "a")]
    spectrum, stability = tables(runs, kept=0, threshold=threshold)
    written(draw_spectrum(spectrum, "energy [keV]", "the cut"), tmp_path)
    written(draw_stability(stability, "the cut"), tmp_path)


def test_nothing_selected_is_drawn(tmp_path):
    counts = counts_of([(1, 1, 0, 0, 0, 0), (1, 1, 1, 0, 0, 0)])
    runs, cut = [ScoredRun(1, "a")], cut_of({"signal": 0.5})
    spectrum = spectrum_table(counts, cut, efficiency_of(2), runs, REPORT, {})
    written(draw_spectrum(spectrum, "energy [keV]", "the cut"), tmp_path)
    written(draw_stability(stability_table(counts, cut, runs), "the cut"), tmp_path)
