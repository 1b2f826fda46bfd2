"""Rates of background per day, unit of the variable and kg, before and after a cut on the score."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from runsieve.config.report import Report
from runsieve.errors import RunsieveError
from runsieve.evaluation.predictions import Predictions
from runsieve.evaluation.working_points import Decision
from runsieve.intervals import clopper_pearson, garwood, product_interval, ratio


@dataclass(frozen=True)
class Exposure:
    """What the background was counted in.

    livetimes: days, by run
    masses: kg, by channel; empty if rates are not to be given per kg
    """

    livetimes: Mapping[int, float]
    masses: Mapping[int, float] = field(default_factory=dict)

    @property
    def livetime(self) -> float:
        """Live time of all runs in days."""
        return sum(self.livetimes.values())

    @property
    def mass(self) -> float | None:
        """Mass of all channels in kg, if it is known."""
        return sum(self.masses.values()) if self.masses else None


def read_background(
    path: str | Path, background: str, exposure: Exposure, edges: np.ndarray
) -> np.ndarray:
    """Background events per bin in the runs with live time, shape (bins,), from `spectra.csv`.

    Raises RunsieveError if the bins in the file are others.
    """
    spectra = pd.read_csv(path)
    mine = spectra[(spectra["class"] == background) & spectra["run"].isin(exposure.livetimes)]
    unknown = mine[~mine["low"].isin(edges[:-1])]
    if len(unknown):
        raise RunsieveError(
            f"{path}: no bin of the report starts at {unknown['low'].iloc[0]:g}; bins from "
            f"{edges[0]:g} to {edges[-1]:g} expected"
        )
    return mine.groupby("low")["events"].sum().reindex(edges[:-1], fill_value=0).to_numpy()


def rate_table(
    test: Predictions,
    counts: np.ndarray,
    exposure: Exposure,
    report: Report,
    decisions: Iterable[Decision],
) -> pd.DataFrame:
    """Rates of the background at each working point, one row per working point and bin.

    test: test events of two classes, of which the second is the background
    counts: all selected background events per bin, shape (bins,)
    decisions: at each working point; where validation events were missing to choose a threshold,
        nothing is known of what is left

    Columns working_point, threshold, variable, unit, low, high, livetime_days, mass_kg, and those
    of `background_rates`. Bins include their lower edge, the last one also its upper edge.
    Test events count once, whatever their weight: they are drawn from the runs within a bin.
    """
    edges = report.bin_edges
    background = test.true == 1
    total = _histogram(test.value[background], edges)
    tables = []
    for decision in decisions:
        passing = background & (decision.assigned(test) == 0)
        passed = _histogram(test.value[passing], edges)
        passed = passed if decision.defined else np.full(len(passed), np.nan)
        rates = background_rates(
            counts, passed, total, np.diff(edges), exposure.livetime, exposure.mass
        )
        about = {"working_point": decision.name, "threshold": decision.threshold(0)}
        about |= {"variable": report.label, "unit": report.unit, "low": edges[:-1]}
        about |= {"high": edges[1:], "livetime_days": exposure.livetime, "mass_kg": exposure.mass}
        tables.append(rates.assign(**about)[[*about, *rates.columns]])
    return pd.concat(tables, ignore_index=True)


def background_rates(
    counts: np.ndarray,
    passed: np.ndarray,
    total: np.ndarray,
    width: np.ndarray,
    livetime: float,
    mass: float | None = None,
) -> pd.DataFrame:
    """Rates of the background per bin, before a cut and after it, with 68.27 % intervals.

    counts: background events of the runs, before any is drawn, shape (bins,)
    passed, total: background test events that pass the cut, and all of them, shape (bins,)
    width: of the bins, in the unit of the variable, shape (bins,)
    livetime: days
    mass: kg; None for a rate that is not per kg

    Columns events, passed, total; rate and rate_left with _low and _high, in 1/day/unit(/kg). The
    rate before the cut is counts / (livetime width mass), with the interval of Garwood; what is
    left is this rate times passed / total, with the interval of Clopper and Pearson. The two
    intervals are combined by `product_interval`, which covers at least 68.27 %. Without any event
    nothing is left; where there are events but no test event, nothing is known of the rest.
    """
    counts, passed, total = (np.asarray(one, dtype=float) for one in (counts, passed, total))
    exposure = livetime * np.asarray(width, dtype=float) * (1.0 if mass is None else mass)
    before, before_low, before_high = (one / exposure for one in (counts, *garwood(counts)))
    none = counts == 0
    fraction = np.where(none, 0, ratio(passed, total))
    low, high = (
        np.where(none, end, found)
        for end, found in zip((0, 1), clopper_pearson(passed, total), strict=True)
    )
    left = before * fraction
    left_low, left_high = product_interval((before, before_low, before_high), (fraction, low, high))
    return pd.DataFrame(
        {
            "events": counts.astype(int),
            "rate": before,
            "rate_low": before_low,
            "rate_high": before_high,
            "total": total.astype(int),
            "passed": pd.array(passed, dtype="Int64"),
            "rate_left": left,
            "rate_left_low": left_low,
            "rate_left_high": np.where(none, before_high, left_high),
        }
    )


def _histogram(values: np.ndarray, edges: np.ndarray) -> np.ndarray:
    return np.histogram(values, edges)[0]
