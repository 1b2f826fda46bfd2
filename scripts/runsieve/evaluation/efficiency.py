"""Efficiency in bins of a variable, with the underlying histogram of the score."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from runsieve.evaluation.predictions import THRESHOLD, Predictions
from runsieve.intervals import clopper_pearson, ratio

BASE_COLUMNS = ["class", "variable", "low", "high", "total", "passed"]
BASE_COLUMNS += ["efficiency", "efficiency_low", "efficiency_high"]


def score_columns(bins: int) -> list[str]:
    """Names of the histogram columns: the lower edge of each of `bins` bins between 0 and 1."""
    digits = 2 if 100 % bins == 0 else 4
    return [f"score_{edge:.{digits}f}" for edge in np.arange(bins) / bins]


def efficiency_table(
    predictions: Predictions,
    variable: str | None,
    edges: np.ndarray | None,
    score_bins: int = 20,
) -> pd.DataFrame:
    """One row per class and bin: total, passed, efficiency with interval, histogram of the score.

    Passed events are those whose predicted class is the true one. Bins include their lower edge,
    the last one also its upper edge. Events outside the edges are not counted (see `outside`).
    Without variable or edges there is one row per class, with blank low and high.
    """
    if variable is None or edges is None:
        variable, edges = None, np.array([-np.inf, np.inf])
        place = np.zeros(len(predictions), dtype=int)
    else:
        place = _bin(predictions.value, edges)
    bins = len(edges) - 1
    score = np.minimum((predictions.score * score_bins).astype(int), score_bins - 1)
    rows = []
    for index, name in enumerate(predictions.classes):
        mine = (predictions.true == index) & (place >= 0)
        histogram = np.zeros((bins, score_bins), dtype=int)
        np.add.at(histogram, (place[mine], score[mine]), 1)
        passed = np.bincount(place[mine & predictions.correct], minlength=bins)
        part = pd.DataFrame(histogram, columns=score_columns(score_bins))
        part.insert(0, "class", name)
        part.insert(1, "variable", variable)
        part.insert(2, "low", np.where(np.isfinite(edges[:-1]), edges[:-1], np.nan))
        part.insert(3, "high", np.where(np.isfinite(edges[1:]), edges[1:], np.nan))
        part.insert(4, "total", histogram.sum(axis=1))
        part.insert(5, "passed", passed)
        rows.append(part)
    table = pd.concat(rows, ignore_index=True)
    low, high = clopper_pearson(table["passed"], table["total"])
    table.insert(6, "efficiency", ratio(table["passed"], table["total"]))
    table.insert(7, "efficiency_low", low)
    table.insert(8, "efficiency_high", high)
    return table


def outside(predictions: Predictions, edges: np.ndarray | None) -> dict[str, int]:
    """Number of events of each class whose variable is outside the edges or NaN."""
    if predictions.value is None or edges is None:
        return {}
    missing = predictions.true[_bin(predictions.value, edges) < 0]
    counts = np.bincount(missing, minlength=len(predictions.classes))
    return dict(zip(predictions.classes, counts.tolist(), strict=True))


def efficiency_text(
    table: pd.DataFrame, titles: Mapping[str, str], label: str, left_out: Mapping[str, int]
) -> str:
    """The efficiency table as text: one block per class, one line per bin, and the totals."""
    columns = [name for name in table if name.startswith("score_")]
    classes = list(dict.fromkeys(table["class"]))
    heading = label if table["variable"].notna().any() else ""
    wide = max(13, len(heading) + 1)
    blocks = []
    for name in classes:
        part = table[table["class"] == name]
        digits = [max(4, len(str(part[column].sum()))) for column in columns]
        head = "".join(
            f" {column.removeprefix('score_').lstrip('0') or '0':>{n}}"
            for column, n in zip(columns, digits, strict=True)
        )
        lines = [
            f"{titles.get(name, name)}: events by score, {_score_name(classes, titles)}",
            f"{heading:<{wide}}{head}  {'total':>7}  {'efficiency':>10}  68.27 % interval",
        ]
        for row in part.to_dict("records"):
            lines.append(_line(_bin_name(row), row, columns, digits, wide))
        if len(part) > 1:
            lines.append(_line("all bins", _total(part, columns), columns, digits, wide))
        if left_out.get(name):
            lines.append(f"{left_out[name]} more outside the bins")
        blocks.append("\n".join(lines))
    return "\n\n".join([*blocks, _summary(table, classes, titles)]) + "\n"


def _bin(value: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """Index of the bin of each value; -1 outside the edges."""
    place = np.searchsorted(edges, value, side="right") - 1
    place[value == edges[-1]] = len(edges) - 2
    return np.where((value >= edges[0]) & (value <= edges[-1]), place, -1)


def _score_name(classes: Sequence[str], titles: Mapping[str, str]) -> str:
    if len(classes) == 2:
        signal = titles.get(classes[0], classes[0])
        return f"the probability of {signal} ({signal} from {THRESHOLD} on)"
    return "the probability of the true class"


def _bin_name(row: Mapping) -> str:
    return "" if pd.isna(row["low"]) else f"{row['low']:g} - {row['high']:g}"


def _total(part: pd.DataFrame, columns: Sequence[str]) -> dict:
    sums = part[["total", "passed", *columns]].sum()
    low, high = clopper_pearson(sums["passed"], sums["total"])
    return {
        **sums.to_dict(),
        "efficiency": float(ratio(sums["passed"], sums["total"])),
        "efficiency_low": float(low),
        "efficiency_high": float(high),
    }


def _line(name: str, row: Mapping, columns: Sequence[str], digits: Sequence[int], wide: int) -> str:
    counts = "".join(f" {row[column]:>{n}}" for column, n in zip(columns, digits, strict=True))
    text = f"{name:<{wide}}{counts}  {row['total']:>7}"
    if row["total"] == 0:
        return text
    interval = f"{100 * row['efficiency_low']:6.2f} - {100 * row['efficiency_high']:6.2f}"
    return f"{text}  {100 * row['efficiency']:8.2f} %  {interval} %"


def _summary(table: pd.DataFrame, classes: Sequence[str], titles: Mapping[str, str]) -> str:
    sums = table.groupby("class")[["passed", "total"]].sum()
    fraction = dict(zip(sums.index, 100 * ratio(sums["passed"], sums["total"]), strict=True))
    accuracy = 100 * float(ratio(sums["passed"].sum(), sums["total"].sum()))
    if len(classes) == 2:
        names = ["efficiency", "rejection"]
    else:
        names = [f"efficiency of {titles.get(name, name)}" for name in classes]
    parts = [f"{text} {fraction[name]:.2f} %" for text, name in zip(names, classes, strict=True)]
    return "   ".join([*parts, f"accuracy {accuracy:.2f} %"])
