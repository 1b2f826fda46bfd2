"""Rates of the background, from event lists, run sheet and scored test events."""

from pathlib import Path

import numpy as np
import pandas as pd

from helpers.recount.scored import Scored
from helpers.recount.statistics import clopper_pearson, garwood, named


def livetime(sheet: pd.DataFrame, run: int, scales: dict[str, float] | None) -> float:
    """Days; a simulated run is as much shorter as it has fewer events than the run sheet says."""
    row = sheet[sheet["run"] == run].iloc[0]
    if scales is None:
        return row["livetime"]
    return row["livetime"] * round(row["events"] * scales[row["kind"]]) / row["events"]


def rates(
    scored: Scored, events: Path, channels: list[int], livetimes: dict[int, float]
) -> pd.DataFrame:
    """events: folder of the event lists; channels: of the sample; livetimes: days by run.

    Without masses, so that rates are not per kg.
    """
    background = scored.classes[1]
    lists = pd.concat([pd.read_parquet(events / f"run{run}.parquet") for run in livetimes])
    lists = lists[lists["channel"].isin(channels) & (lists["class"] == background)]
    test = scored.test[scored.test["true"] == background]
    days = sum(livetimes.values())
    rows = []
    for name, _, _, thresholds in scored.points:
        threshold = thresholds[scored.classes[0]]
        for low, high in scored.bins():
            count = int(scored.inside(lists, low, high).sum())
            mine = test[scored.inside(test, low, high)]
            passed = int((mine[f"p_{scored.classes[0]}"] >= threshold).sum())
            exposure = days * (high - low)
            before = [value / exposure for value in (count, *garwood(count))]
            part = passed / len(mine) if len(mine) else np.nan
            part = [part, *clopper_pearson(passed, len(mine))]
            if count == 0:
                part = [0.0, 0.0, 1.0]
            left = before[0] * part[0]
            down = np.hypot(before[0] * (part[0] - part[1]), part[0] * (before[0] - before[1]))
            up = np.hypot(before[0] * (part[2] - part[0]), part[0] * (before[2] - before[0]))
            after = [left, np.maximum(0, left - down), before[2] if count == 0 else left + up]
            rows.append(
                {
                    "working_point": name,
                    "threshold": threshold,
                    "variable": scored.report.get("label", "energy"),
                    "unit": scored.report.get("unit", "keV"),
                    "low": low,
                    "high": high,
                    "livetime_days": days,
                    "mass_kg": np.nan,
                    "events": count,
                    "total": len(mine),
                    "passed": passed,
                    **named("rate", before),
                    **named("rate_left", after),
                }
            )
    return pd.DataFrame(rows)
