"""Spectra of scored runs: selected and kept events per bin, and corrected for the efficiency."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from runsieve.config.report import Report
from runsieve.intervals import clopper_pearson, garwood, product_interval, ratio
from runsieve.scoring.counting import OUTSIDE, ScoredRun, livetimes, with_sums
from runsieve.scoring.cut import Cut
from runsieve.selection.statistics import ALL

Values = tuple[np.ndarray, np.ndarray, np.ndarray]  # and the ends of their intervals
ENDS = ("", "_low", "_high")
COLUMNS = [
    "kind", "run", "channel", "class", "working_point", "threshold", "variable", "unit", "low",
    "high", "selected", "left_out", "kept",
    *(f"{name}{end}" for name in ("fraction", "kept_scaled") for end in ENDS),
    "efficiency_events",
    *(f"{name}{end}" for name in ("efficiency", "corrected") for end in ENDS),
    "livetime_days", "mass_kg",
    *(f"rate_{name}{end}" for name in ("selected", "kept", "corrected") for end in ENDS),
]  # fmt: skip


def spectrum_table(
    counts: pd.DataFrame,
    cut: Cut,
    efficiency: pd.DataFrame,
    runs: Sequence[ScoredRun],
    report: Report,
    masses: Mapping[int, float],
) -> pd.DataFrame:
    """One row per run, channel, class that is kept, and bin; columns are `COLUMNS`.

    counts: `count_runs`; efficiency: `efficiencies`; masses: kg, by channel, empty if not known.
    Rows with run or channel `all` are of all runs of a kind, or of all channels. Without a variable
    there is one row for all events, with blank low and high.

    left_out: selected events that the model has learnt from (train, validation), which are neither
    in kept nor in fraction, kept / (selected - left_out) with the interval of Clopper and Pearson.
    kept_scaled: selected times fraction, see `scaled`. efficiency: of the class, from
    efficiency_events test events of all channels at the same threshold.
    corrected: kept_scaled / efficiency, with the interval of a product (`product_interval`) of
    kept_scaled and 1 / efficiency; background that passes is still in it. Rates are these numbers
    per day, kg (if masses are known) and unit of the variable. All intervals hold 68.27 %. What is
    not known is blank: all rates without live time, what is scaled where no event is left or where
    what was drawn is not a random part (`ScoredRun.evenly`), all that is kept without a threshold.
    """
    table = with_sums(counts[counts["bin"] != OUTSIDE], runs)
    table = table.merge(efficiency, on=["class", "bin"], how="left", validate="many_to_one")
    edges = np.array([np.nan, np.nan]) if report.bin_edges is None else report.bin_edges
    days, kept = livetimes(runs), kept_of(table, cut)
    table = table.assign(
        working_point=cut.decision.name,
        threshold=table["class"].map(cut.thresholds),
        variable=report.label if report.binned else None,
        unit=report.unit if report.binned else None,
        low=edges[table["bin"]],
        high=edges[table["bin"] + 1],
        left_out=table["selected"] - table["counted"],
        kept=pd.array(kept, dtype="Int64"),
        livetime_days=[days[one] for one in zip(table["kind"], table["run"], strict=True)],
        mass_kg=table["channel"].map({**masses, ALL: sum(masses.values())} if masses else {}),
    )
    width = np.diff(edges)[table["bin"]] if report.binned else 1.0
    exposure = table["livetime_days"].to_numpy() * width * table["mass_kg"].fillna(1).to_numpy()
    all_kept = scaled(table, kept)
    corrected = _corrected(all_kept, tuple(table[f"efficiency{end}"].to_numpy() for end in ENDS))
    found = {"fraction": fraction(kept, table["counted"].to_numpy())}
    found |= {"kept_scaled": all_kept, "corrected": corrected}
    numbers = {"selected": poisson(table["selected"].to_numpy(dtype=float))}
    numbers |= {"kept": all_kept, "corrected": corrected}
    found |= {
        f"rate_{name}": tuple(one / exposure for one in values) for name, values in numbers.items()
    }
    return table.assign(**named(found))[COLUMNS]


def kept_of(table: pd.DataFrame, cut: Cut) -> np.ndarray:
    """Kept events of each row as floats; NaN where there is no threshold."""
    known = table["class"].map(cut.thresholds).notna()
    return table["kept"].astype(float).where(known).to_numpy()


def fraction(passed: np.ndarray, total: np.ndarray) -> Values:
    """passed / total with the interval of Clopper and Pearson; NaN where one is not known."""
    return _known(ratio(passed, total), *clopper_pearson(passed, total))


def poisson(counts: np.ndarray) -> Values:
    """Counts with the interval of Garwood; NaN where one is not known."""
    return _known(counts, *garwood(counts))


def scaled(table: pd.DataFrame, kept: np.ndarray) -> Values:
    """What is kept of all selected events: their number times the fraction of those counted.

    table: `with_sums`. The interval is that of Garwood where all were counted, else that of the
    product. NaN where `with_sums` gives no scale.
    """
    selected, counted = (table[name].to_numpy(dtype=float) for name in ("selected", "counted"))
    ends = product_interval(poisson(selected), fraction(kept, counted))
    whole = selected == counted
    low, high = (
        np.where(whole, exact, end) for exact, end in zip(garwood(kept), ends, strict=True)
    )
    return _known(kept * table["scale"].to_numpy(), low, high)


def named(values: Mapping[str, Values]) -> dict[str, np.ndarray]:
    """Values and their ends by the names of columns."""
    return {
        f"{name}{end}": part
        for name, parts in values.items()
        for end, part in zip(ENDS, parts, strict=True)
    }


def _corrected(kept: Values, efficiency: Values) -> Values:
    """kept / efficiency; NaN where no test event has passed, so that no efficiency is known."""
    value, low, high = (np.where(efficiency[0] > 0, one, np.nan) for one in efficiency)
    inverse = 1 / value, 1 / high, 1 / low
    return (kept[0] / value, *product_interval(kept, inverse))


def _known(value: np.ndarray, low: np.ndarray, high: np.ndarray) -> Values:
    return value, np.where(np.isnan(value), np.nan, low), np.where(np.isnan(value), np.nan, high)
