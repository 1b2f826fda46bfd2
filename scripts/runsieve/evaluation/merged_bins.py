"""Bins with few events, taken together."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from runsieve.intervals import clopper_pearson

FEW = 20  # events of a class, below which a bin is drawn together with its neighbour
# Fractions of the table, each with the counts that it is of.
FRACTIONS = (("efficiency", "passed", "total"), ("left", "others_passed", "others"))


def merged(table: pd.DataFrame) -> pd.DataFrame:
    """Rows of `efficiency_table`, those of neighbouring bins as one where events are few.

    table: of one or several models (column `model`) on the same events. Bins are taken together
    from low to high until each class has `FEW` events in them; what is left at the end goes to the
    last. The table is returned as it is without bins, or if its events have different weights,
    because the sums are those of plain counts.
    """
    if table["low"].isna().any():
        return table
    plain = table["passed"] / table["total"].where(table["total"] > 0)
    if not np.allclose(plain, table["efficiency"], equal_nan=True):
        return table
    of = ["model", "working_point"]
    first = (table[of] == table[of].iloc[0]).all(axis=1)
    counts = table[first].pivot_table(index="low", columns="class", values="total", aggfunc="sum")
    group = dict(zip(counts.index, _groups(counts.to_numpy()), strict=True))
    keys = [*of, "class", table["low"].map(group).rename("bin")]
    rules = dict.fromkeys(table.columns.drop([*of, "class"]), "first")
    rules |= {"high": "last"} | {name: "sum" for _, *counts in FRACTIONS for name in counts}
    rows = table.groupby(keys, sort=False, as_index=False).agg(rules)
    for name, passed, total in FRACTIONS:
        low, high = clopper_pearson(rows[passed], rows[total])
        value = rows[passed] / rows[total].where(rows[total] > 0)
        rows = rows.assign(**{name: value, f"{name}_low": low, f"{name}_high": high})
    return rows


def _groups(counts: np.ndarray) -> Iterator[int]:
    """The merged bin of each bin; counts: shape (bins, classes)."""
    rest = np.cumsum(counts[::-1], axis=0)[::-1]
    place, inside = 0, np.zeros(counts.shape[1])
    for bin_, mine in enumerate(counts):
        if (inside >= FEW).all() and (rest[bin_] >= FEW).all():
            place, inside = place + 1, np.zeros_like(inside)
        inside = inside + mine
        yield place
