"""Titles in any words, such as broken mathematics or HTML, end in a figure of these words."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.scored_examples import POINTS, random_predictions
from runsieve.config.report import Report
from runsieve.figures.letters import as_written
from runsieve.figures.style import new_figure, save
from runsieve.reports.model_report import Described, ModelReport, judge, write_report
from runsieve.reports.registry import FIGURES

BROKEN = [r"$\frac{$", r"$$", r"a_$ $^", r"$\nonsense$", r"\$ $x^^2$ \\$\\$"]
FINE = [
    "Energy $keV",
    r"50 $\% of $",
    r"$\gamma$ rays",
    r"5 \$ or 6 \$",
    "Rückstoß: größer",
    "<b>bold</b>",
]
TWO, THREE = ["signal", "background"], ["a", "b", "c"]


def drawn(figure, tmp_path):
    save(figure, [tmp_path / "figure.svg", tmp_path / "figure.png"])
    assert (tmp_path / "figure.svg").read_text(encoding="utf-8").rstrip().endswith("</svg>")


@pytest.mark.parametrize("words", [*BROKEN, *FINE])
def test_a_text_is_drawn_wherever_it_stands(tmp_path, words):
    figure = new_figure((8, 5))
    axes = figure.add_subplot()
    axes.plot([1, 100], [1, 100], label=words)
    axes.set(title=words, xlabel=words, yscale="log")
    axes.set_xticks([1, 50], [words, "b"])
    axes.annotate(words, (50, 50))
    axes.legend(title=words)
    figure.suptitle(words)
    figure.legend()
    drawn(figure, tmp_path)


@pytest.mark.parametrize("classes", [TWO, THREE])
def test_every_figure_of_a_report_draws(tmp_path, classes):
    words = r"Rückstoß $\frac{$ <b>"
    bins = {"edges": {"start": 0, "stop": 10, "step": 5}, "bootstrap": 20, "score_bins": 8}
    titles = {name: f"{words} {name}" for name in classes}
    axis = Report(**bins, label=words, unit=words)
    judged = judge(random_predictions(classes), axis, POINTS, 1)
    report = ModelReport(Described(words, titles=titles), {1: judged})
    figures = [tmp_path / f"{name}.svg" for name in FIGURES]
    write_report(report, tmp_path / "metrics.json", tmp_path / "efficiency.txt", [], figures)
    assert all(path.stat().st_size for path in figures)


@given(st.text(alphabet=r"$\{}^_ab% fracsqrt()", max_size=20))
@settings(max_examples=100)
def test_no_text_breaks_a_figure(words):
    figure = new_figure((2, 2))
    figure.suptitle(words)
    with as_written(figure):
        figure.draw_without_rendering()
