"""Figure of the score, training against test."""

from collections.abc import Mapping, Sequence

import numpy as np
from hist.intervals import poisson_interval
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from runsieve.evaluation.predictions import Predictions
from runsieve.evaluation.working_points import Decision, only_threshold
from runsieve.figures.style import (
    GREY,
    MARKERS,
    WIDE_SLIDE,
    colour_of,
    grid_of,
    heading,
    legend_above,
    new_figure,
)


def draw_scores(
    predictions: Predictions,
    decisions: Sequence[Decision],
    titles: Mapping[str, str],
    score_bins: int = 20,
    name: str = "",
) -> Figure:
    """Fraction of each class per bin of score: training as outline, test as points with errors.

    Where the points leave the outline, the model has memorised its training events. A dashed line
    is the threshold, where there is only one. With more than two classes, each class has a panel.
    """
    edges = np.linspace(0, 1, score_bins + 1)
    if predictions.binary:
        figure = new_figure()
        panels = [figure.subplots()] * 2
        score = (
            f"score: probability of {titles.get(predictions.classes[0], predictions.classes[0])}"
        )
    else:
        down, across = grid_of(len(predictions.classes), 3)
        figure = new_figure((WIDE_SLIDE[0], 0.6 + 3.6 * down))
        panels = list(figure.subplots(down, across, squeeze=False).flat)
        score = "probability of the true class"
    smallest = 1.0
    for index, item in enumerate(predictions.classes):
        axes = panels[index]
        title = f"{titles.get(item, item)}, " if predictions.binary else ""
        smallest = min(smallest, _draw_class(axes, predictions, index, edges, title))
        if not predictions.binary:
            heading(axes, titles.get(item, item))
        axes.set(xlim=(0, 1), yscale="log", xlabel=score, ylabel="fraction per bin")
    for axes in panels[: len(predictions.classes)]:
        axes.set_ylim(0.4 * smallest, 1.5)
    for axes in panels[len(predictions.classes) :]:
        axes.set_axis_off()
    threshold = only_threshold(decisions)
    if threshold is not None:
        label = f"threshold {threshold:.3g}"
        panels[0].axvline(threshold, color=GREY, linewidth=1, linestyle="--", label=label)
    if predictions.binary:
        legend_above(figure, panels[0])
        heading(panels[0], "", name)
    else:
        figure.suptitle(name, x=0.99, ha="right", fontsize=12, color=GREY)
    return figure


def _draw_class(
    axes: Axes, predictions: Predictions, index: int, edges: np.ndarray, title: str
) -> float:
    """Draw one class; returns the smallest fraction of its test events in a bin."""
    colour = colour_of(index)
    train, test = predictions.part("train"), predictions.part("test")
    learned = np.histogram(train.score[train.true == index], edges)[0]
    if learned.sum():
        axes.stairs(
            learned / learned.sum(), edges, color=colour, linewidth=2, label=f"{title}train"
        )
    counts = np.histogram(test.score[test.true == index], edges)[0]
    some, total = counts > 0, counts.sum()
    low, high = poisson_interval(counts[some].astype(float))
    share = counts[some] / total
    axes.errorbar(
        ((edges[:-1] + edges[1:]) / 2)[some],
        share,
        yerr=[share - low / total, high / total - share],
        fmt=MARKERS[index % len(MARKERS)],
        color=colour,
        label=f"{title}test",
    )
    return float(share.min())
