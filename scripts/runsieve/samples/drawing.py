"""Samples: which selected events they contain, in which split, and with which weight."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd

from runsieve.config.base import SPLITS
from runsieve.config.sample import Mode, Sample, run_class
from runsieve.errors import RunsieveError
from runsieve.samples.hashing import hash_of
from runsieve.samples.mislabelling import mislabel


def build_sample(
    events: pd.DataFrame,
    settings: Sample,
    classes: list[str],
    name: str,
    available: pd.Series | None = None,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Draw a sample from event lists.

    `events` has the columns of the event lists; classes are their classes or, where the settings
    have `runs_of`, the runs of that class (see `run_class`). `available` are the numbers of events
    by class, fold and split, where those that cannot be drawn are left out of `events` already (see
    `samples.drawable`). Returns the sample (these columns and
    label, split, weight, row; sorted by run, entry and channel) and a table of what was drawn, one
    row per class and split: class, split, balance (the mode of the split), available and drawn
    (numbers of events), weight (their sum). Raises RunsieveError if a class has no event in a
    split.

    With folds there is a column fold (1, 2, …), in which an event is tested; split is train or
    validation, what it is for in the other folds. Classes are balanced within fold and split, and
    so in every union of folds; the table has one row per class, fold and split.
    """
    events = placed(events, settings, classes, name)
    if settings.split.group is not None:
        _require_whole_groups(events, settings, name)
    if available is None:
        available = counts(events, classes, settings)
    _require_events(available, name, settings)
    events = events.sort_values(["_order", "entry"], kind="stable")
    events = _limit(events, settings)
    parts = [
        _balance(part, settings, mode, len(classes)) for mode, part in _parts(events, settings)
    ]
    events = pd.concat(parts) if parts else events.assign(weight=1.0)
    drawn = counts(events, classes, settings)
    _require_events(drawn, name, settings)
    weight = events.groupby(drawn.index.names).weight.sum().round(6)
    table = pd.DataFrame({"available": available, "drawn": drawn, "weight": weight}, drawn.index)
    table = table.reset_index()
    table.insert(len(drawn.index.names), "balance", table["split"].map(settings.modes()))
    events = events.drop(columns="_order").sort_values(
        ["run", "entry", "channel"], ignore_index=True
    )
    events = events.assign(row=np.arange(len(events)))
    if settings.mislabel:
        events = mislabel(events, settings.mislabel, classes, settings.seed)
    return events, table


def placed(events: pd.DataFrame, settings: Sample, classes: list[str], name: str) -> pd.DataFrame:
    """The events of the classes and channels of a sample, with label, split, fold and `_order`.

    `_order` is the hash in whose order events are drawn.
    """
    if settings.runs_of is not None:
        events = events[events["class"] == settings.runs_of]
        events = events.assign(**{"class": events.run.map(run_class)})
    events = events[events["class"].isin(classes)].copy()
    if settings.channels is not None:
        events = events[events.channel.isin(settings.channels)]
    events["label"] = events["class"].map({label: i for i, label in enumerate(classes)}).astype(int)
    keys = group_keys(events, settings, name)
    events["split"] = split_of(events.run, keys, settings)
    if settings.folds is not None:
        events["fold"] = fold_of(keys, settings)
    order = hash_of(settings.seed, "draw", events.run, events.event, events.channel)
    return events.assign(_order=order)


def split_of(run: pd.Series, keys: Sequence[pd.Series], settings: Sample) -> np.ndarray:
    """The split of each event, from a hash of its keys alone, shape (events,).

    `keys` are run and event number or, where the settings name a group, its value. All events of a
    run that the settings assign to a split are in that split. With folds it is train or validation,
    whose fractions keep their ratio.
    """
    place = hash_of(settings.seed, "split", *keys) / 2.0**64
    edges = np.cumsum([settings.split.train, settings.split.validation])
    if settings.folds is not None:
        edges /= edges[-1]
    # If train and validation add up to 1 within rounding, there are no test events.
    edges[edges > 1 - 1e-9] = np.inf
    found = np.array(SPLITS, dtype=object)[np.searchsorted(edges, place, side="right")]
    for split, runs in settings.split.runs.items():
        found[run.isin(runs).to_numpy()] = split
    return found


def fold_of(keys: Sequence[pd.Series], settings: Sample) -> np.ndarray:
    """The fold of each event, 1 to `folds`, from a hash of its keys, shape (events,)."""
    place = hash_of(settings.seed, "fold", *keys) % np.uint64(settings.folds)
    return place.astype(np.int64) + 1


def group_keys(events: pd.DataFrame, settings: Sample, name: str) -> list[pd.Series]:
    """What decides the split of an event: run and event number, or the value of its group."""
    group = settings.split.group
    if group is None:
        return [events.run, events.event]
    values = events.groupby(["run", "event"])[group].nunique()
    if (values > 1).any():
        run, event = values.index[values > 1][0]
        raise RunsieveError(
            f"sample {name}: split.group: '{group}' differs between the channels of event {event} "
            f"of run {run}; channels of one event cannot be in two splits"
        )
    # The bits of the number, with one zero; as integers, 0.2 and 0.7 would be one group.
    bits = (events[group].to_numpy(dtype=np.float64) + 0.0).view(np.uint64)
    return [pd.Series(bits, events.index)]


def _require_whole_groups(events: pd.DataFrame, settings: Sample, name: str) -> None:
    """A group that is both in runs of one split and in other runs would be in two splits."""
    group = settings.split.group
    splits = events.groupby(group)["split"].nunique()
    torn = splits.index[splits > 1]
    if len(torn):
        raise RunsieveError(
            f"sample {name}: split.group: {len(torn)} values of '{group}', such as {torn[0]:g}, "
            "are in runs of split.runs and in others; a group cannot be in two splits"
        )


def _groups(settings: Sample) -> dict[str, list[Any]]:
    """Columns within whose values classes are balanced, and these values."""
    if settings.folds is None:
        return {"split": list(SPLITS)}
    return {"fold": list(range(1, settings.folds + 1)), "split": ["train", "validation"]}


def _parts(events: pd.DataFrame, settings: Sample) -> Iterator[tuple[Mode, pd.DataFrame]]:
    """The events of each split, of each fold if there are any, and how they are balanced."""
    for split, mode in settings.modes().items():
        part = events[events["split"] == split]
        if settings.folds is None:
            yield mode, part
        else:
            yield from ((mode, one) for _, one in part.groupby("fold"))


def _limit(events: pd.DataFrame, settings: Sample) -> pd.DataFrame:
    """The first events of each class, up to the limit, over all splits or in each."""
    if isinstance(settings.limit, dict):
        most = events["split"].map(settings.limit).fillna(np.inf)
        return events[events.groupby(["split", "label"]).cumcount() < most]
    if settings.limit is not None:
        return events[events.groupby("label").cumcount() < settings.limit]
    return events


def _balance(events: pd.DataFrame, settings: Sample, mode: Mode, classes: int) -> pd.DataFrame:
    """Equal numbers or weights of all classes among the events of one split, by bin if matched."""
    if mode == "none":
        return events.assign(weight=1.0)
    bins = bin_of(events, settings)
    events = events.assign(_bin=bins)[bins >= 0]
    present = events.groupby("_bin").label.transform("nunique")
    events = events[present == classes]
    cells = events.groupby(["_bin", "label"]).label
    own = cells.transform("size")
    if mode == "undersample":
        fewest = own.groupby(events["_bin"]).transform("min")
        events = events[cells.cumcount() < fewest].assign(weight=1.0)
    else:
        total = events.groupby("_bin").label.transform("size")
        events = events.assign(weight=total / (classes * own))
    return events.drop(columns="_bin")


def balanced_weights(events: pd.DataFrame, settings: Sample) -> np.ndarray:
    """Weights of events of which some were left out, with which classes are equal where they were.

    Shape (events,). Those of test events stay.
    """
    modes = events["split"].map(settings.modes())
    cells = [events["split"], bin_of(events, settings)]
    weight = events["weight"]
    own = weight.groupby([*cells, events["label"]]).transform("sum")
    total = weight.groupby(cells).transform("sum")
    classes = events["label"].groupby(cells).transform("nunique")
    equal = (modes != "none") & (events["split"] != "test")
    return np.where(equal, weight * total / (classes * own), weight)


def bin_of(events: pd.DataFrame, settings: Sample) -> np.ndarray:
    """The bin in which each event is balanced, shape (events,); -1 outside, 0 without bins."""
    if settings.match is None:
        return np.zeros(len(events), dtype=int)
    edges = settings.match.edges.array()
    bins = np.digitize(events[settings.match.column], edges)
    return np.where(bins < len(edges), bins - 1, -1)


def counts(events: pd.DataFrame, classes: list[str], settings: Sample) -> pd.Series:
    """Numbers of events by class, fold (if there are any) and split."""
    values = {"class": classes, **_groups(settings)}
    index = pd.MultiIndex.from_product(values.values(), names=list(values))
    return events.groupby(list(values), observed=True).size().reindex(index, fill_value=0)


def _require_events(numbers: pd.Series, name: str, settings: Sample) -> None:
    for place, count in numbers.items():
        if count == 0:
            label, *fold, split = place
            total = numbers[label].sum()
            where = "" if settings.channels is None else f" in channels {settings.channels}"
            where += f" in the {split} split"
            where += f" of fold {fold[0]}" if fold else ""
            change = "use fewer folds" if fold else "change the split"
            raise RunsieveError(
                f"sample {name}: class '{label}' has no event{where} ({total} in all); loosen the "
                f"cuts, add runs or {change}"
            )
