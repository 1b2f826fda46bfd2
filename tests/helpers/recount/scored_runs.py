"""What a cut keeps of scored runs, from their tables and the scored events of the sample."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.stats import chisquare, multinomial

from helpers.recount.model_tables import homogeneity
from helpers.recount.scored import Scored
from helpers.recount.statistics import clopper_pearson, fraction, garwood, named

NOTHING = [np.nan] * 3


@dataclass(frozen=True)
class Run:
    """A scored run: its table, and what the run sheet and the analysis say of it."""

    table: Path
    kind: str
    days: float = np.nan
    evenly: bool = True


def times(one: list[float], other: list[float]) -> list[float]:
    """A product, whose errors are added in quadrature on each side."""
    value = one[0] * other[0]
    down = np.hypot(one[0] * (other[0] - other[1]), other[0] * (one[0] - one[1]))
    up = np.hypot(one[0] * (other[2] - other[0]), other[0] * (one[2] - one[0]))
    return [value, np.maximum(0, value - down), value + up]


def rows_of(runs: dict[int, Run], channels: list[int]):
    """kind, run, channel, and the runs and channels of each group of rows."""
    for kind in dict.fromkeys(run.kind for run in runs.values()):
        mine = sorted(number for number, run in runs.items() if run.kind == kind)
        for name, some in [*((number, [number]) for number in mine), ("all", mine)]:
            for title, these in [
                *((channel, [channel]) for channel in channels),
                ("all", channels),
            ]:
                yield {"kind": kind, "run": name, "channel": title}, some, these


def selected_events(runs: dict[int, Run], numbers: list[int], channels: list[int]) -> pd.DataFrame:
    tables = [pd.read_parquet(runs[number].table) for number in numbers]
    tables = [one.assign(evenly=runs[n].evenly) for n, one in zip(numbers, tables, strict=True)]
    events = pd.concat(tables, ignore_index=True)
    return events[events["selected"] & events["channel"].isin(channels)]


def counted(events: pd.DataFrame) -> pd.DataFrame:
    return events[~events["split"].isin(["train", "validation"])]


def all_kept(events: pd.DataFrame, kept: int) -> list[float]:
    """What is kept of all events, with those that a model has learnt from, and its interval."""
    unseen = counted(events)
    parts = [part for _, part in events.groupby(["run", "channel"])]
    if any(not part["evenly"].iloc[0] and len(counted(part)) < len(part) for part in parts):
        return NOTHING
    if len(unseen) == len(events):
        return [kept, *garwood(kept)]
    if len(unseen) == 0:
        return NOTHING
    part = [kept / len(unseen), *clopper_pearson(kept, len(unseen))]
    return times([len(events), *garwood(len(events))], part)


def point_of(scored: Scored) -> tuple[str, dict[str, float]]:
    """Name and thresholds of the first point at a fixed signal efficiency, else of the first."""
    points = [point for point in scored.points if point[1] is not None]
    fixed = [point for point in points if point[1] == "signal_efficiency"]
    return ([*fixed, *points][0])[0::3]


def about(events: pd.DataFrame, threshold: float, one: str) -> tuple[int, dict]:
    """Number of kept events, and the columns that both tables have."""
    unseen = counted(events)
    kept = int((unseen[f"p_{one}"].astype(float) >= threshold).sum())
    part = [kept / len(unseen), *clopper_pearson(kept, len(unseen))] if len(unseen) else NOTHING
    numbers = {"selected": len(events), "left_out": len(events) - len(unseen), "kept": kept}
    return kept, numbers | named("fraction", part)


def spectrum(
    scored: Scored, runs: dict[int, Run], channels: list[int], masses: dict[int, float]
) -> pd.DataFrame:
    point, thresholds = point_of(scored)
    rows = []
    for place, numbers, these in rows_of(runs, channels):
        events = selected_events(runs, numbers, these)
        days = sum(runs[number].days for number in numbers)
        mass = sum(masses[channel] for channel in these) if masses else np.nan
        for one in scored.curves:
            test = scored.test[scored.test["true"] == one]
            for low, high in scored.bins():
                mine = events[scored.inside(events, low, high)]
                kept, row = about(mine, thresholds[one], one)
                tested = test[scored.inside(test, low, high)]
                passed = tested[f"p_{one}"] >= thresholds[one]
                efficiency = list(fraction(passed, tested["weight"])[2:])
                scaled = all_kept(mine, kept)
                corrected = NOTHING
                if efficiency[0] > 0:
                    value, least, most = efficiency
                    corrected = times(scaled, [1 / value, 1 / most, 1 / least])
                width = 1.0 if np.isnan(low) else high - low
                exposure = days * width * (mass if masses else 1)
                selected = [len(mine), *garwood(len(mine))]
                binned = not np.isnan(low)
                label, unit = (
                    scored.report.get(k, v) for k, v in (("label", "energy"), ("unit", "keV"))
                )
                rows.append(
                    {
                        **place,
                        "class": one,
                        "working_point": point,
                        "threshold": thresholds[one],
                        "variable": label if binned else np.nan,
                        "unit": unit if binned else np.nan,
                        "low": low,
                        "high": high,
                        **row,
                        **named("kept_scaled", scaled),
                        "efficiency_events": len(tested),
                        **named("efficiency", efficiency),
                        **named("corrected", corrected),
                        "livetime_days": days,
                        "mass_kg": mass,
                        **named("rate_selected", [one / exposure for one in selected]),
                        **named("rate_kept", [one / exposure for one in scaled]),
                        **named("rate_corrected", [one / exposure for one in corrected]),
                    }
                )
    return pd.DataFrame(rows)


def stability(scored: Scored, runs: dict[int, Run], channels: list[int]) -> pd.DataFrame:
    point, thresholds = point_of(scored)
    rows = []
    for place, numbers, these in rows_of(runs, channels):
        events = selected_events(runs, numbers, these)
        days = sum(runs[number].days for number in numbers)
        for one in scored.curves:
            kept, row = about(events, thresholds[one], one)
            scaled = all_kept(events, kept)
            rows.append(
                {
                    **place,
                    "class": one,
                    "working_point": point,
                    "threshold": thresholds[one],
                    "livetime_days": days,
                    **row,
                    **named("rate", [value / days for value in scaled]),
                }
            )
    table = pd.DataFrame(rows)
    groups = ["kind", "channel", "class"]
    for name, chance in (("p_fraction", of_fractions), ("p_rate", of_rates)):
        found = {key: chance(part[part["run"] != "all"]) for key, part in table.groupby(groups)}
        keys = zip(*(table[key] for key in groups), strict=True)
        table[name] = [found[key] for key in keys]
    return table


def of_fractions(part: pd.DataFrame) -> float:
    part = part[part["selected"] > part["left_out"]]
    if len(part) < 2:
        return np.nan
    return homogeneity(part["kept"].to_numpy(), (part["selected"] - part["left_out"]).to_numpy())


def of_rates(part: pd.DataFrame) -> float:
    """Of counts with the same rate, from their multinomial distribution."""
    part = part[part["rate"].notna()]
    if len(part) < 2:
        return np.nan
    total = int(part["kept"].sum())
    seen = (1 - part["left_out"] / part["selected"].replace(0, 1)).to_numpy()
    share = part["livetime_days"].to_numpy() * seen
    share = share / share.sum()
    if total == 0:
        return 1.0
    if min(total * share) >= 5:
        return float(chisquare(part["kept"], total * share).pvalue)
    drawn = multinomial.rvs(total, share, 20_000, random_state=4)
    found = ((np.array([part["kept"], *drawn]) - total * share) ** 2 / share).sum(axis=1)
    return float((found[1:] >= found[0] - 1e-9).mean())


def kept_events(scored: Scored, runs: dict[int, Run], channels: list[int]) -> pd.DataFrame:
    _, thresholds = point_of(scored)
    rows = []
    for number in sorted(runs):
        events = selected_events(runs, [number], channels)
        for event in events.sort_values(["entry", "channel"]).to_dict("records"):
            for one in scored.curves:
                if event[f"p_{one}"] >= thresholds[one]:
                    values = {scored.variable: event[scored.variable]} if scored.variable else {}
                    keys = ("run", "entry", "event", "channel")
                    row = {key: event[key] for key in keys} | {"class": one, **values}
                    rows.append(
                        {**row, "score": event[f"p_{one}"], "split": event["split"] or None}
                    )
    return pd.DataFrame(rows)
