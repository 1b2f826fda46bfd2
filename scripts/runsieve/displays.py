"""One event as it was recorded: its columns, the cuts it passes, and what models would see."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import prod

import numpy as np

from runsieve.config.inputs import Input
from runsieve.errors import RunsieveError
from runsieve.expressions import for_channel, parse
from runsieve.runs.arrays import read_values
from runsieve.runs.columns import read_columns
from runsieve.runs.trees import Chain, open_chain

Steps = Mapping[str, str]


@dataclass(frozen=True)
class Channel:
    """A channel of an event: values by column, passed by class and step, arrays by input."""

    columns: dict[str, float]
    passed: dict[str, dict[str, bool]]
    inputs: dict[str, np.ndarray]


@dataclass(frozen=True)
class Event:
    """An event of a run; `entry` counts from 0 through all files of the run."""

    run: int
    number: int
    entry: int
    channels: dict[int, Channel]


def read_event(
    run: int,
    number: int,
    files: list[str],
    friends: Mapping[str, list[str]],
    tree: str,
    channels: list[int],
    columns: Mapping[str, str],
    classes: Mapping[str, Steps],
    inputs: Mapping[str, Input],
) -> Event:
    """Read event `number` of a run; `friends` are the files of each input.

    `classes` names the cuts of each class that takes events from the run. An input that is empty,
    as where a detector was not hit, is an array without values. Raises RunsieveError if the run
    has no such event.
    """
    with open_chain(run, files, tree) as chain:
        entry = find_event(chain, columns["event"], number)
        values = {
            channel: {
                name: _value(chain, for_channel(text, channel), entry)
                for name, text in columns.items()
            }
            for channel in channels
        }
    arrays: dict[int, dict[str, np.ndarray]] = {channel: {} for channel in channels}
    for name, settings in inputs.items():
        with open_chain(run, friends[name], settings.tree or tree) as chain:
            for channel in channels:
                arrays[channel][name] = _array(chain, settings, channel, entry)
    found = {
        channel: Channel(values[channel], _passed(classes, values[channel]), arrays[channel])
        for channel in channels
    }
    return Event(run, number, entry, found)


def find_event(chain: Chain, branch: str, number: int) -> int:
    """The entry of an event. Raises RunsieveError if the run has none of this number."""
    low, high = None, None
    for chunk in read_columns(chain, {"event": branch}, [0]):
        numbers = chunk.columns[0]["event"]
        here = np.flatnonzero(numbers == number)
        if len(here):
            return chunk.start + int(here[0])
        low = min(numbers.min(), numbers.min() if low is None else low)
        high = max(numbers.max(), numbers.max() if high is None else high)
    raise RunsieveError(
        f"run {chain.run}: {', '.join(chain.files)}: no event {number}; the numbers of its "
        f"{chain.starts[-1]} events lie between {low} and {high}"
    )


def _value(chain: Chain, text: str, entry: int) -> float:
    expression = parse(text)
    entries = np.array([entry])
    raw = {name: read_values(chain, name, entries) for name in expression.names}
    return np.ravel(expression.evaluate(raw))[0].item()


def _passed(
    classes: Mapping[str, Steps], values: Mapping[str, float]
) -> dict[str, dict[str, bool]]:
    columns = {name: np.array([value]) for name, value in values.items()}
    return {
        name: {step: bool(np.all(parse(cut).evaluate(columns) != 0)) for step, cut in steps.items()}
        for name, steps in classes.items()
    }


def _array(chain: Chain, settings: Input, channel: int, entry: int) -> np.ndarray:
    """The values of the branches, in the shape of the input where there are as many."""
    names = [for_channel(branch, channel) for branch in settings.branches]
    parts = [np.ravel(read_values(chain, name, np.array([entry]))) for name in names]
    if settings.window is not None:
        parts = [part[settings.window.start : settings.window.stop] for part in parts]
    if sum(map(len, parts)) != prod(settings.shape):
        return np.concatenate(parts)
    if settings.join == "last":
        columns = settings.shape[-1] // len(parts)
        parts = [part.reshape(*settings.shape[:-1], columns) for part in parts]
        return np.concatenate(parts, axis=-1)
    return np.concatenate(parts).reshape(settings.shape)
