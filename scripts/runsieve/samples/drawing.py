"""Samples: which selected events they contain, in which split, and with which weight."""

import numpy as np
import pandas as pd

from runsieve.config.base import SPLITS
from runsieve.config.sample import Sample
from runsieve.errors import RunsieveError


def build_sample(
    events: pd.DataFrame, settings: Sample, classes: list[str], name: str
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Draw a sample from event lists.

    `events` has the columns of the event lists. Returns the sample (these columns and label,
    split, weight, row; sorted by run, entry and channel) and a table of the numbers of events
    (class, split, available, drawn). Raises RunsieveError if a class has no event in a split.
    """
    events = events[events["class"].isin(classes)].copy()
    if settings.channels is not None:
        events = events[events.channel.isin(settings.channels)]
    events["label"] = events["class"].map({label: i for i, label in enumerate(classes)}).astype(int)
    events["split"] = split_of(events.run, events.event, settings)
    available = _counts(events, classes)
    _require_events(available, name, settings)
    order = _hash(settings.seed, "draw", events.run, events.event, events.channel)
    events = events.assign(_order=order).sort_values(["_order", "entry"], kind="stable")
    if settings.limit is not None:
        events = events[events.groupby("label").cumcount() < settings.limit]
    events = _balance(events, settings, len(classes))
    drawn = _counts(events, classes)
    _require_events(drawn, name, settings)
    table = available.rename("available").to_frame().join(drawn.rename("drawn")).reset_index()
    events = events.drop(columns="_order").sort_values(
        ["run", "entry", "channel"], ignore_index=True
    )
    return events.assign(row=np.arange(len(events))), table


def split_of(run: pd.Series, event: pd.Series, settings: Sample) -> np.ndarray:
    """The split of each event, from a hash of run and event number alone, shape (events,).

    All events of a run that the settings assign to a split are in that split.
    """
    place = _hash(settings.seed, "split", run, event) / 2.0**64
    edges = np.cumsum([settings.split.train, settings.split.validation])
    # If train and validation add up to 1 within rounding, there are no test events.
    edges[edges > 1 - 1e-9] = np.inf
    found = np.array(SPLITS, dtype=object)[np.searchsorted(edges, place, side="right")]
    for split, runs in settings.split.runs.items():
        found[run.isin(runs).to_numpy()] = split
    return found


def _balance(events: pd.DataFrame, settings: Sample, classes: int) -> pd.DataFrame:
    """Equal numbers or weights of all classes in the splits to balance, by bin if matched."""
    groups = ["split"]
    if settings.match is not None:
        edges = settings.match.edges.array()
        bins = np.digitize(events[settings.match.column], edges)
        inside = (bins > 0) & (bins < len(edges))
        events = events[inside].assign(_bin=bins[inside])
        groups = ["split", "_bin"]
        present = events.groupby(groups).label.transform("nunique")
        events = events[present == classes]
    apart = events[~events["split"].isin(settings.balanced)].assign(weight=1.0)
    events = events[events["split"].isin(settings.balanced)]
    if settings.balance == "undersample":
        place = events.groupby([*groups, "label"]).cumcount()
        count = events.groupby([*groups, "label"]).label.transform("size")
        fewest = count.groupby([events[group] for group in groups]).transform("min")
        events = events[place < fewest].assign(weight=1.0)
    elif settings.balance == "weights":
        total = events.groupby(groups).label.transform("size")
        own = events.groupby([*groups, "label"]).label.transform("size")
        events = events.assign(weight=total / (classes * own))
    else:
        events = events.assign(weight=1.0)
    return pd.concat([events, apart]).drop(columns="_bin", errors="ignore")


def _hash(seed: int, purpose: str, *columns: pd.Series) -> np.ndarray:
    """A uniform 64-bit hash of integer columns, shape (events,).

    SplitMix64 (Steele, Lea, Flood 2014), one round per column: it depends on the values alone, so
    it is the same in any order, on any machine and in any version of a library.
    """
    state = np.uint64(seed) + np.frombuffer(purpose.ljust(8).encode()[:8], dtype="<u8")[0]
    value = np.full(len(columns[0]), state, dtype=np.uint64)
    for column in columns:
        value = _mix(value ^ _mix(column.to_numpy().astype(np.uint64)))
    return value


def _mix(value: np.ndarray) -> np.ndarray:
    value = value + np.uint64(0x9E3779B97F4A7C15)
    value = (value ^ (value >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    value = (value ^ (value >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return value ^ (value >> np.uint64(31))


def _counts(events: pd.DataFrame, classes: list[str]) -> pd.Series:
    index = pd.MultiIndex.from_product([classes, SPLITS], names=["class", "split"])
    return events.groupby(["class", "split"], observed=True).size().reindex(index, fill_value=0)


def _require_events(counts: pd.Series, name: str, settings: Sample) -> None:
    for (label, split), count in counts.items():
        if count == 0:
            total = counts[label].sum()
            where = "" if settings.channels is None else f" in channels {settings.channels}"
            raise RunsieveError(
                f"sample {name}: class '{label}' has no event{where} in the {split} split "
                f"({total} in all); loosen the cuts, add runs or change the split"
            )
