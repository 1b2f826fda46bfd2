"""Spectra of the selected events: numbers per run, class and channel in bins of a column."""

from collections.abc import Collection, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from runsieve.selection.event_lists import read_event_lists

KEYS = ["run", "class", "channel"]
COLUMNS = [*KEYS, "low", "high", "events"]


def count_in_bins(events: pd.DataFrame, variable: str, edges: np.ndarray) -> pd.DataFrame:
    """Events of each run, class and channel per bin of a column; columns `COLUMNS`.

    edges: shape (bins + 1,). Bins include their lower edge, the last one also its upper edge.
    Events outside the edges are not counted; a channel without any event has no row.
    """
    values = events[variable].to_numpy(dtype=float)
    inside = (values >= edges[0]) & (values <= edges[-1])
    place = np.minimum(np.searchsorted(edges, values, side="right") - 1, len(edges) - 2)
    keys = events.loc[inside, KEYS].assign(bin=place[inside])
    counts = keys.groupby([*KEYS, "bin"]).size().unstack("bin", fill_value=0)
    counts = counts.reindex(columns=range(len(edges) - 1), fill_value=0)
    table = counts.stack().rename("events").reset_index()
    return table.assign(low=edges[table["bin"]], high=edges[table["bin"] + 1])[COLUMNS]


def read_spectra(
    paths: Sequence[str | Path],
    channels: list[int] | None,
    classes: Sequence[str],
    variable: str,
    edges: np.ndarray,
    runs: Collection[int],
) -> pd.DataFrame:
    """Spectra of event lists, of the given channels (None: all), classes and runs.

    See `count_in_bins`.

    One list is in memory at a time.
    """
    parts = []
    for path in paths:
        events = read_event_lists([path], channels).astype({"class": str})
        wanted = events["class"].isin(classes) & events["run"].isin(runs)
        parts.append(count_in_bins(events[wanted], variable, edges))
    return pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)
