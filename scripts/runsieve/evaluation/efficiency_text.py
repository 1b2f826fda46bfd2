"""Efficiency and score histogram as one text, for the terminal and for mails."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from runsieve.evaluation.working_points import Decision
from runsieve.intervals import clopper_pearson, ratio


def efficiency_text(
    histogram: pd.DataFrame,
    efficiency: pd.DataFrame,
    decisions: Sequence[Decision],
    titles: Mapping[str, str],
    label: str,
    left_out: Mapping[str, int],
) -> str:
    """One block per class: a line per bin, the totals, and the efficiency at each working point.

    histogram, efficiency: see `score_histogram` and `efficiency_table`; left_out: number of events
    of each class outside the bins. Below the blocks, each working point is summed up over the bins.
    """
    classes = list(dict.fromkeys(histogram["class"]))
    blocks = [
        _block(name, index, histogram, efficiency, decisions, titles, label, left_out.get(name, 0))
        for index, name in enumerate(classes)
    ]
    lines = [_summary(efficiency, decision, classes, titles) for decision in decisions]
    return "\n\n".join([*blocks, "\n".join(lines)]) + "\n"


def _block(
    name: str,
    index: int,
    histogram: pd.DataFrame,
    efficiency: pd.DataFrame,
    decisions: Sequence[Decision],
    titles: Mapping[str, str],
    label: str,
    left_out: int,
) -> str:
    mine = histogram[histogram["class"] == name]
    columns = [column for column in histogram if column.startswith("score_")]
    parts = [
        efficiency[(efficiency["working_point"] == one.name) & (efficiency["class"] == name)]
        for one in decisions
    ]
    heading = label if mine["variable"].notna().any() else ""
    wide = max(13, len(heading) + 1)
    digits = [max(4, len(str(mine[column].sum()))) for column in columns]
    head = "".join(
        f" {column.removeprefix('score_').lstrip('0') or '0':>{n}}"
        for column, n in zip(columns, digits, strict=True)
    )
    marks = [chr(ord("A") + place) for place in range(len(decisions))]
    lines = [
        f"{titles.get(name, name)}: events by {_score_name(histogram, titles)}",
        *(
            f"{mark}: {decision.title(index)}"
            for mark, decision in zip(marks, decisions, strict=True)
        ),
        f"{heading:<{wide}}{head}  {'total':>7}"
        + "".join(f"  {f'efficiency {mark}':>12}  68.27 % interval" for mark in marks),
    ]
    for row, (_, counts) in enumerate(mine.iterrows()):
        bin_name = "" if pd.isna(counts["low"]) else f"{counts['low']:g} - {counts['high']:g}"
        found = [part.iloc[row] for part in parts]
        lines.append(_line(bin_name, counts, found, columns, digits, wide))
    if len(mine) > 1:
        sums = mine[["total", *columns]].sum()
        lines.append(
            _line("all bins", sums, [_total(part) for part in parts], columns, digits, wide)
        )
    if left_out:
        lines.append(f"{left_out} more outside the bins")
    return "\n".join(lines)


def _score_name(histogram: pd.DataFrame, titles: Mapping[str, str]) -> str:
    classes = list(dict.fromkeys(histogram["class"]))
    if len(classes) == 2:
        return f"score, the probability of {titles.get(classes[0], classes[0])}"
    return "score, the probability of the true class"


def _total(part: pd.DataFrame) -> dict[str, float]:
    passed, total = part["passed"].sum(), part["total"].sum()
    low, high = clopper_pearson(passed, total)
    return {
        "efficiency": float(ratio(passed, total)),
        "efficiency_low": float(low),
        "efficiency_high": float(high),
    }


def _line(
    name: str,
    counts: Mapping,
    found: Sequence[Mapping],
    columns: Sequence[str],
    digits: Sequence[int],
    wide: int,
) -> str:
    numbers = "".join(
        f" {counts[column]:>{n}.0f}" for column, n in zip(columns, digits, strict=True)
    )
    text = f"{name:<{wide}}{numbers}  {counts['total']:>7.0f}"
    for one in found:
        if np.isnan(one["efficiency"]):
            text += f"  {'':>12}  {'':>16}"
            continue
        interval = f"{100 * one['efficiency_low']:6.2f} - {100 * one['efficiency_high']:6.2f} %"
        text += f"  {100 * one['efficiency']:10.2f} %  {interval:>16}"
    return text.rstrip()


def _summary(
    efficiency: pd.DataFrame, decision: Decision, classes: Sequence[str], titles: Mapping[str, str]
) -> str:
    """Efficiency of each class and accuracy at one working point, of the events in bins."""
    mine = efficiency[efficiency["working_point"] == decision.name]
    sums = mine.groupby("class")[["passed", "total"]].sum()
    fraction = dict(zip(sums.index, 100 * ratio(sums["passed"], sums["total"]), strict=True))
    if len(classes) == 2:
        names = ["efficiency", "rejection"]
    else:
        names = [f"efficiency of {titles.get(name, name)}" for name in classes]
    parts = [f"{text} {fraction[name]:.2f} %" for text, name in zip(names, classes, strict=True)]
    if len(classes) == 2 or decision.settings is None:
        accuracy = 100 * float(ratio(sums["passed"].sum(), sums["total"].sum()))
        parts.append(f"accuracy {accuracy:.2f} %")
    where = "events in bins" if efficiency["variable"].notna().any() else "all events"
    return f"{decision.title()}, {where}: {'   '.join(parts)}"
