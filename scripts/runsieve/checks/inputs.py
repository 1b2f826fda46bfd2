"""The inputs of a run: their branches, and their values of the first events that pass."""

from collections.abc import Iterable, Mapping
from math import prod

import numpy as np
import pandas as pd
from awkward.types import RegularType

from runsieve.checks.branches import branches_in
from runsieve.checks.findings import RunChecked, RunToCheck
from runsieve.checks.friends import is_joined, is_open
from runsieve.checks.likeness import likewise, unnamed
from runsieve.config.inputs import Input
from runsieve.errors import RunsieveError
from runsieve.expressions import parse_for
from runsieve.runs.arrays import Wanted
from runsieve.runs.baskets import split_part
from runsieve.runs.inputs import branch_names, input_type, read_input
from runsieve.runs.protection import unprotected
from runsieve.runs.trees import Chain
from runsieve.runs.windows import wanted_of

SHOWN = 3  # selected events of each channel that are read, besides outermost windows


def wanted_events(
    found: RunChecked,
    one: RunToCheck,
    name: str,
    chain: Chain,
    readable: set[str],
    selected: pd.DataFrame,
) -> dict[int, Wanted]:
    """Events of each channel whose input is read: the first, and those with the outermost windows.

    None where columns that the input names can't be read, or are still to be computed.
    """
    settings = Input.model_validate(one.inputs[name]["settings"])
    columns = {
        column: text
        for column, text in {**one.columns, **one.others}.items()
        if branches_in([text], one.channels).keys() <= readable
    }
    wanted, told = {}, []
    for channel in one.channels:
        texts = settings.expressions().values()
        if any(parse_for(text, channel).names - set(columns) for text in texts):
            continue
        with found.catching() as caught:
            entries = np.sort(selected.entry[selected.channel == channel].unique())
            chosen = set(entries[:SHOWN])
            if texts and len(entries):
                starts = wanted_of(chain, settings, columns, channel, entries).starts
                if starts is not None:
                    chosen |= {entries[starts.argmin()], entries[starts.argmax()]}
            if chosen:
                some = np.array(sorted(chosen))
                wanted[channel] = wanted_of(chain, settings, columns, channel, some)
        told += [(str(channel), text, unnamed(text, {})) for text in caught]
    found.problems += likewise(told, "channel", "channels")
    return wanted


def check_input(
    found: RunChecked, one: RunToCheck, name: str, chain: Chain, wanted: Mapping[int, Wanted]
) -> None:
    """Note what is wrong with the branches of an input, and with some events that pass."""
    settings = Input.model_validate(one.inputs[name]["settings"])
    told = []
    for channel in one.channels:
        branches = branch_names(settings, channel)
        if not all(is_open(one, chain, branch) for branch in branches):
            continue
        with found.catching() as caught:
            _check_channel(found, one, name, settings, chain, channel, wanted.get(channel))
        common = dict(zip(branches, settings.branches, strict=True))
        told += [(str(channel), text, unnamed(text, common)) for text in caught]
    found.problems += likewise(told, "channel", "channels")


def _check_channel(
    found: RunChecked,
    one: RunToCheck,
    name: str,
    settings: Input,
    chain: Chain,
    channel: int,
    wanted: Wanted | None,
) -> None:
    branches = branch_names(settings, channel)
    found.unprotected += unprotected(chain, branches)
    size = input_type(chain, settings, channel).itemsize
    found.bytes_per_event[name] = size * prod(settings.event_shape())
    if wanted is None or not all(is_joined(chain, branch) for branch in branches):
        return
    if not (one.complete or _is_fixed(chain, settings, branches)):
        return
    _, absent = read_input(chain, settings, channel, wanted)
    if absent.any():
        entry = wanted.entries[absent][0]
        raise RunsieveError(
            f"run {chain.run}: {chain.file_of(entry)}: input '{name}': {', '.join(branches)} hold "
            f"nothing at entry {entry}, which passes the cuts in channel {channel}"
        )


def _is_fixed(chain: Chain, settings: Input, branches: Iterable[str]) -> bool:
    """True if every entry has the same values in its window, whether it passes cuts or not."""
    if settings.expressions():
        return False
    for branch in branches:
        friend = chain.friend(branch)
        if friend is not None and friend[0].matched < chain.starts[-1]:
            return False
        holder, inner = chain.located(branch)
        name, _ = split_part(holder, inner)
        types = [source[name].empty().type.content for source in holder.sources]
        if not all(isinstance(kind, RegularType) for kind in types):
            return False
    return True
