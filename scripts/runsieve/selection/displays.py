"""One event as it was recorded: its columns, the cuts it passes, and what models would see."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from runsieve.errors import RunsieveError
from runsieve.expressions import Expression, parse_for
from runsieve.runs.arrays import read_values
from runsieve.runs.columns import read_columns
from runsieve.runs.inputs import InputFiles, read_input
from runsieve.runs.trees import Chain
from runsieve.runs.windows import wanted_of

Steps = Mapping[str, str]


@dataclass(frozen=True)
class Channel:
    """A channel of an event: values by column, passed by class and step, arrays by input.

    starts: sample that each window starts at, by input; only of inputs that have one
    """

    columns: dict[str, float]
    passed: dict[str, dict[str, bool]]
    inputs: dict[str, np.ndarray]
    starts: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Event:
    """An event of a run.

    entry: counts from 0 through all files of the run
    channels: those that were hit
    silent: numbers of the channels that were not
    """

    run: int
    number: int
    entry: int
    channels: dict[int, Channel]
    silent: list[int]


def read_event(
    chain: Chain,
    number: int,
    channels: list[int],
    columns: Mapping[str, str],
    classes: Mapping[str, Steps],
    inputs: Mapping[str, InputFiles],
    hit: str | None = None,
) -> Event:
    """Read event `number` of a run.

    `classes` names the cuts of each class that takes events from the run. `hit` is what holds in a
    channel that was hit; without it, those are hit in which an input is recorded. Where no channel
    was hit, all are kept. An input in which nothing is recorded is an empty array; others are as in
    `Input.as_drawn`. Raises RunsieveError if the run has no such event.
    """
    entry = find_event(chain, columns["event"], number)
    values = {
        channel: {
            name: _value(chain, parse_for(text, channel), entry) for name, text in columns.items()
        }
        for channel in channels
    }
    were_hit = [one for one in channels if hit is None or _holds(hit, values[one], one)]
    arrays, starts = _read_inputs(chain, entry, were_hit or channels, columns, inputs)
    if hit is None and inputs:
        were_hit = [one for one in channels if any(array.size for array in arrays[one].values())]
    shown = were_hit or channels
    return Event(
        chain.run,
        number,
        entry,
        {
            channel: Channel(
                values[channel],
                _passed(classes, values[channel], channel),
                arrays[channel],
                starts[channel],
            )
            for channel in shown
        },
        [channel for channel in channels if channel not in shown],
    )


def _read_inputs(
    chain: Chain,
    entry: int,
    channels: list[int],
    columns: Mapping[str, str],
    inputs: Mapping[str, InputFiles],
) -> tuple[dict[int, dict[str, np.ndarray]], dict[int, dict[str, int]]]:
    """Arrays by channel and input, and the samples that their windows start at."""
    arrays: dict[int, dict[str, np.ndarray]] = {channel: {} for channel in channels}
    starts: dict[int, dict[str, int]] = {channel: {} for channel in channels}
    for name, one in inputs.items():
        settings = one.settings
        with one.open(chain) as found:
            for channel in channels:
                wanted = wanted_of(chain, settings, columns, channel, np.array([entry]))
                array, absent = read_input(found, settings, channel, wanted)
                recorded = array[:0].ravel() if absent[0] else array[0]
                arrays[channel][name] = settings.as_drawn(recorded)
                if wanted.starts is not None and not absent[0]:
                    starts[channel][name] = int(wanted.starts[0])
    return arrays, starts


def find_event(chain: Chain, event: str, number: int) -> int:
    """The entry of an event, from 0. Raises RunsieveError if the run has no such event."""
    low, high = None, None
    for chunk in read_columns(chain, {"event": event}, [0]):
        numbers = chunk.columns[0]["event"]
        here = np.flatnonzero(numbers == number)
        if len(here):
            return chunk.start + int(here[0])
        low = min(numbers.min(), numbers.min() if low is None else low)
        high = max(numbers.max(), numbers.max() if high is None else high)
    raise RunsieveError(
        f"run {chain.run}: {', '.join(chain.files)}: no event {number}; the numbers of its "
        f"{chain.starts[-1]} events range from {low} to {high}"
    )


def _value(chain: Chain, expression: Expression, entry: int) -> float:
    entries = np.array([entry])
    raw = {name: read_values(chain, name, entries) for name in expression.names}
    return np.ravel(expression.evaluate(raw))[0].item()


def _passed(
    classes: Mapping[str, Steps], values: Mapping[str, float], channel: int
) -> dict[str, dict[str, bool]]:
    return {
        name: {step: _holds(cut, values, channel) for step, cut in steps.items()}
        for name, steps in classes.items()
    }


def _holds(cut: str, values: Mapping[str, float], channel: int) -> bool:
    columns = {name: np.array([value]) for name, value in values.items()}
    return bool(np.all(parse_for(cut, channel).evaluate(columns) != 0))
