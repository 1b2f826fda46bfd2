"""Efficiencies and score histograms as one text, for the terminal and for mails."""

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from runsieve.evaluation.efficiency import (
    bin_of,
    efficiency_table,
    outside,
    score_columns,
    score_histogram,
)
from runsieve.evaluation.evaluated import Evaluated
from runsieve.evaluation.predictions import Predictions
from runsieve.evaluation.text_table import Column, text_table, wrapped
from runsieve.evaluation.working_points import Decision


def efficiency_text(evaluated: Evaluated, titles: Mapping[str, str]) -> str:
    """Test events as text of at most 100 columns; titles: display name of each class.

    First each working point summed up over the bins, then the efficiencies in bins at each working
    point, then the histogram of the score of each class. Efficiencies are weighted, numbers of
    events are not.
    """
    names = {name: titles.get(name, name) for name in evaluated.predictions.classes}
    inside = _inside(evaluated)
    paragraphs = [
        "\n".join(_summaries(evaluated, inside, names)),
        *(_efficiencies(evaluated, inside, one, names) for one in evaluated.defined),
        *_histograms(evaluated, names),
    ]
    return "\n\n".join(paragraphs) + "\n"


def _inside(evaluated: Evaluated) -> Predictions:
    """The test events in bins; all of them without bins."""
    test, edges = evaluated.test, evaluated.settings.bin_edges
    return test if edges is None else test.where(bin_of(test.value, edges) >= 0)


def _summaries(
    evaluated: Evaluated, inside: Predictions, names: Mapping[str, str]
) -> Iterator[str]:
    yield "Test events in bins:" if evaluated.settings.binned else "Test events:"
    binary = inside.binary
    quantities = (
        ["efficiency", "rejection"]
        if binary
        else [f"efficiency of {one}" for one in names.values()]
    )
    for decision in evaluated.defined:
        found = efficiency_table(inside, decision, None, None)["efficiency"]
        parts = [f"{one} {_percent(value)}" for one, value in zip(quantities, found, strict=True)]
        if decision in evaluated.assigning and len(inside):
            right = np.average(decision.passed(inside), weights=inside.weight)
            parts.append(f"accuracy {_percent(right)}")
        yield wrapped(f"{decision.title()}: {', '.join(parts)}")
    for name, count in outside(evaluated.test, evaluated.settings.bin_edges).items():
        if count:
            yield wrapped(f"outside the bins: {count} of {names[name]}")


def _percent(value: float) -> str:
    return "of no events" if np.isnan(value) else f"{100 * value:.2f} %"


def _efficiencies(
    evaluated: Evaluated, inside: Predictions, decision: Decision, names: Mapping[str, str]
) -> str:
    """A row per bin and a column per class, at one working point."""
    settings = evaluated.settings
    table = efficiency_table(evaluated.test, decision, settings.binned, settings.bin_edges)
    if settings.binned:
        table = pd.concat([table, efficiency_table(inside, decision, None, None)])
    columns = []
    for index, (name, title) in enumerate(names.items()):
        mine = table[table["class"] == name]
        quantity = "rejection" if inside.binary and index else "efficiency"
        threshold = f" (score from {decision.threshold(index):.4g})"
        several = len(decision.thresholds) > 1
        wide = max(6, len(str(mine["total"].max())))
        heads = f"  {'events':>{wide}}  {quantity:>10}  68.27 % interval"
        cells = [f"  {row['total']:>{wide}}  {_efficiency(row)}" for row in mine.to_dict("records")]
        columns.append(Column(title + (threshold if several else ""), [heads, *cells]))
    bins = table.loc[table["class"] == next(iter(names)), ["low", "high"]].to_numpy()
    first = _bins(evaluated, bins, heads=1)
    heading = wrapped(
        f"At {decision.title()}:" if decision.settings else "By the most probable class:"
    )
    return f"{heading}\n\n{text_table(first, columns)}"


def _efficiency(row: Mapping[str, float]) -> str:
    if np.isnan(row["efficiency"]):
        return f"{'':>10}  {'':>16}"
    low, high = 100 * row["efficiency_low"], 100 * row["efficiency_high"]
    return f"{100 * row['efficiency']:8.2f} %  {low:6.2f} - {high:6.2f}"


def _bins(evaluated: Evaluated, bins: np.ndarray, heads: int = 0) -> Column:
    """The first column of a table, below `heads` empty rows.

    bins: low and high edge, NaN for all bins, shape (rows, 2)
    """
    binned = evaluated.settings.binned
    heading = evaluated.settings.axis_label if binned else ""
    whole = "all bins" if binned else ""
    names = [whole if np.isnan(low) else f"{low:g} - {high:g}" for low, high in bins]
    return Column(heading, [*[""] * heads, *names], "<")


def _histograms(evaluated: Evaluated, names: Mapping[str, str]) -> Iterator[str]:
    """For each class, a row per bin and a column per bin of the score."""
    settings = evaluated.settings
    table = score_histogram(
        evaluated.test, settings.binned, settings.bin_edges, settings.score_bins
    )
    scores = score_columns(settings.score_bins)
    signal = next(iter(names.values())) if evaluated.predictions.binary else "the true class"
    for name, title in names.items():
        mine = table[table["class"] == name]
        bins, counts = mine[["low", "high"]].to_numpy(), mine[["total", *scores]].to_numpy()
        if settings.binned:
            bins, counts = (
                np.vstack([bins, [np.nan, np.nan]]),
                np.vstack([counts, counts.sum(axis=0)]),
            )
        lower = [one.removeprefix("score_").lstrip("0") or "0" for one in scores]
        columns = [
            Column(head, [str(count) if count else "." for count in column])
            for head, column in zip(["events", *lower], counts.T.astype(int), strict=True)
        ]
        heading = f"{title}: events by score, the probability of {signal} (lower edges of its bins)"
        yield f"{wrapped(heading)}\n\n{text_table(_bins(evaluated, bins), columns)}"
