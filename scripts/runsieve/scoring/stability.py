"""Stability of scored runs: what a cut keeps of each run, and whether the runs agree."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from runsieve.evaluation.p_values import equal_rates, homogeneity
from runsieve.scoring.counting import ScoredRun, livetimes, with_sums
from runsieve.scoring.cut import Cut
from runsieve.scoring.spectrum import ENDS, fraction, kept_of, named, scaled
from runsieve.selection.statistics import ALL

COLUMNS = [
    "kind", "run", "channel", "class", "working_point", "threshold", "livetime_days", "selected",
    "left_out", "kept",
    *(f"fraction{end}" for end in ENDS),
    "p_fraction",
    *(f"rate{end}" for end in ENDS),
    "p_rate",
]  # fmt: skip


def stability_table(counts: pd.DataFrame, cut: Cut, runs: Sequence[ScoredRun]) -> pd.DataFrame:
    """One row per run, channel and class that is kept; columns are `COLUMNS`.

    counts: `count_runs`, those outside of the bins included. Rows with run or channel `all`, and
    the columns selected to fraction, are as in `spectrum_table`. rate: kept_scaled of that table
    per day. p_fraction, p_rate: of fractions (`homogeneity`) or rates
    (`equal_rates`) that differ as much by chance, of all runs of a kind in a channel; the latter of
    runs with live time. Where events were left out, rates vary less than p_rate assumes, so that it
    is too large.
    """
    table = with_sums(counts.assign(bin=0), runs)
    days, kept = livetimes(runs), kept_of(table, cut)
    table = table.assign(
        working_point=cut.decision.name,
        threshold=table["class"].map(cut.thresholds),
        left_out=table["selected"] - table["counted"],
        kept=pd.array(kept, dtype="Int64"),
        livetime_days=[days[one] for one in zip(table["kind"], table["run"], strict=True)],
    )
    found = {"fraction": fraction(kept, table["counted"].to_numpy())}
    found |= {"rate": tuple(one / table["livetime_days"] for one in scaled(table, kept))}
    table = table.assign(**named(found), p_fraction=np.nan, p_rate=np.nan)
    for _, part in table.groupby(["kind", "channel", "class"], sort=False):
        single = part[(part["run"] != ALL) & part["kept"].notna()]
        counted = single["kept"].to_numpy(int), single["counted"].to_numpy()
        table.loc[part.index, "p_fraction"] = homogeneity(*counted)
        timed = single[single["rate"].notna()]
        exposure = timed["livetime_days"] / timed["scale"]
        table.loc[part.index, "p_rate"] = equal_rates(timed["kept"].to_numpy(int), exposure)
    return table[COLUMNS]
