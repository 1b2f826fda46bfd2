"""Figure of the score, training against test."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from runsieve.evaluation.predictions import Predictions
from runsieve.evaluation.working_points import Decision
from runsieve.figures.described import PLAIN, Described
from runsieve.figures.style import (
    FULL,
    GREY,
    HALF,
    PAPER,
    beside,
    colour_of,
    grid_of,
    grouped,
    heading,
    headline,
    line_of,
    marker_of,
    new_figure,
    plain_log,
)
from runsieve.intervals import garwood

ENOUGH = 5  # events that a bin must be expected to hold for its pull to be drawn
LARGEST_PULL = 5  # larger ones lie at the edge


def draw_scores(
    predictions: Predictions,
    decisions: Sequence[Decision],
    score_bins: int = 20,
    described: Described = PLAIN,
) -> Figure:
    """Weighted fraction of each class per bin of score: training as outline, test as points.

    Below: the pull of test against training events (`pulls`). Where the points leave the outline,
    the model has memorised its training events. Dashed lines are the thresholds of the working
    points, but for folds. With more than two classes, each class has a panel.
    """
    edges = np.linspace(0, 1, score_bins + 1)
    number = len(predictions.classes)
    if predictions.binary:
        figure = new_figure((HALF, 4.6))
        grid = figure.subplots(2, 1, sharex=True, height_ratios=[3, 1], squeeze=False)
        pairs = [tuple(grid[:, 0])] * 2
        score = f"score: probability of {described.of(predictions.classes[0])}"
    else:
        down, across = grid_of(number, 4)
        figure = new_figure((FULL, 0.6 + 3.3 * down))
        grid = figure.subplots(2 * down, across, squeeze=False, height_ratios=[2.6, 1] * down)
        pairs = [
            (grid[2 * row, place], grid[2 * row + 1, place])
            for row, place in np.ndindex(down, across)
        ]
        score = "probability of the true class"
    smallest = 1.0
    for index, (item, (top, bottom)) in enumerate(zip(predictions.classes, pairs, strict=False)):
        title = f"{described.of(item)}, " if predictions.binary else ""
        smallest = min(smallest, _draw_class(top, bottom, predictions, index, edges, title))
        for place, decision in enumerate(decisions):
            _draw_threshold(top, bottom, decision, index, place if index == 0 else None)
        if not predictions.binary:
            heading(top, described.of(item))
            top.tick_params(labelbottom=False)
            top.minorticks_off()
            bottom.minorticks_off()
        for axes in (top, bottom):
            axes.set_xlim(0, 1)
        bottom.set_xlabel(score)
    for top, bottom in pairs[:number]:
        top.set(yscale="log", ylim=(0.4 * smallest, 2), ylabel="fraction per bin")
        plain_log(top.yaxis)
        bottom.set(ylim=(-LARGEST_PULL, LARGEST_PULL), ylabel="pull", yticks=(-3, 0, 3))
        bottom.grid(axis="y")
    for top, bottom in pairs[number:]:
        top.set_axis_off()
        bottom.set_axis_off()
    counts = {name: len(predictions.part(name)) for name in ("train", "test")}
    note = f"{grouped(counts['train'])} training and {grouped(counts['test'])} test events"
    headline(figure, described, note, grid[0, 0])
    return figure


def pulls(
    train: np.ndarray, test: np.ndarray, train_events: float, test_events: float
) -> np.ndarray:
    """Difference of two fractions per bin over its error, if both are of one distribution.

    train, test: weights per bin; train_events, test_events: numbers of events, of weighted ones the
    effective numbers. The variance is that of a common binomial fraction. NaN where fewer than
    `ENOUGH` events are expected in either.
    """
    shares = train / train.sum(), test / test.sum()
    common = (train_events * shares[0] + test_events * shares[1]) / (train_events + test_events)
    variance = common * (1 - common) * (1 / train_events + 1 / test_events)
    seen = (common * min(train_events, test_events) >= ENOUGH) & (variance > 0)
    out = np.full(len(common), np.nan)
    return np.divide(shares[1] - shares[0], np.sqrt(variance), out=out, where=seen)


def _draw_class(
    top: Axes,
    bottom: Axes,
    predictions: Predictions,
    index: int,
    edges: np.ndarray,
    title: str,
) -> float:
    """Draw one class; returns the smallest fraction of its test events in a bin."""
    style = {"color": colour_of(index)}
    parts = [predictions.part(name) for name in ("train", "test")]
    parts = [part.where(part.true == index) for part in parts]
    train, test = (np.histogram(part.score, edges, weights=part.weight)[0] for part in parts)
    squares = np.histogram(parts[1].score, edges, weights=parts[1].weight ** 2)[0]
    middle = (edges[:-1] + edges[1:]) / 2
    if train.sum():
        outline = {**style, "linestyle": line_of(index), "label": f"{title}train"}
        top.stairs(train / train.sum(), edges, **outline, linewidth=1.5)
    some, total = test > 0, test.sum()
    scale = squares[some] / test[some]
    low, high = (end * scale for end in garwood(test[some] / scale))
    share = test[some] / total
    top.errorbar(
        middle[some],
        share,
        yerr=[share - low / total, high / total - share],
        fmt=marker_of(index),
        label=f"{title}test",
        **style,
    )
    if train.sum():
        numbers = [part.weight.sum() ** 2 / (part.weight**2).sum() for part in parts]
        pull = np.clip(pulls(train, test, *numbers), 0.4 - LARGEST_PULL, LARGEST_PULL - 0.4)
        shift = (edges[1] - edges[0]) * (beside(index, 2, 0.4) if title else 0)
        bottom.plot(middle + shift, pull, marker_of(index), **style)
    bottom.axhline(0, color=GREY, linewidth=0.8, zorder=1)
    return float(share.min())


def _draw_threshold(
    top: Axes, bottom: Axes, decision: Decision, index: int, place: int | None
) -> None:
    """The threshold of a class as a line; its name is written once, at `place`."""
    threshold = decision.threshold(index)
    if np.isnan(threshold) or decision.by_fold:
        return  # the events of each fold have a threshold of their own
    for axes in (top, bottom):
        axes.axvline(threshold, color=GREY, linewidth=1.1, linestyle="--", zorder=1)
    if place is not None:
        left = threshold > 0.5
        top.annotate(
            decision.name,
            (threshold, 0.97 - 0.07 * place),
            (-4 if left else 4, 0),
            xycoords=("data", "axes fraction"),
            textcoords="offset points",
            ha="right" if left else "left",
            va="top",
            fontsize=8.5,
            color=GREY,
            bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 0.8},
        )
