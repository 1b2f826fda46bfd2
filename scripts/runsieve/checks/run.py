"""What one run holds, and everything in it that a job would refuse later."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pandas as pd

from runsieve.checks.branches import branches_in, check_branches
from runsieve.checks.findings import RunChecked, RunToCheck
from runsieve.checks.friends import join_friends, open_friends
from runsieve.checks.inputs import SHOWN, check_input, wanted_events
from runsieve.errors import RunsieveError
from runsieve.runs.checksums import require_checksums
from runsieve.runs.columns import EVENT, Chunk, read_columns
from runsieve.runs.contents import contents_of
from runsieve.runs.event_numbers import with_unique_events
from runsieve.runs.files import checksums_of, local, run_files
from runsieve.runs.trees import Chain, open_chain
from runsieve.samples.gathering import require_friend
from runsieve.selection.selector import Selector, require_run

EXAMINED = 20_000  # first entries of a run that the cuts are applied to


def check_run(one: RunToCheck, examined: int = EXAMINED) -> RunChecked:
    """Open all files of a run, and read as much of them as shows what would fail."""
    found = RunChecked(one.run, one.kind)
    with found.noting():
        found.files = run_files(one.files, one.run)
        sizes = [Path(file).stat().st_size for file in local(found.files) if Path(file).is_file()]
        found.megabytes = sum(sizes) / 1e6
        given = checksums_of(one.run, found.files, one.checksums)
        require_checksums(one.run, found.files, given)
        found.checksums = len(given)
    # Of missing, damaged or other files, more would be consequences.
    broken = bool(found.problems)
    selected, wanted = None, {}
    own = [
        name
        for name, values in one.inputs.items()
        if (values["files"], values["tree"]) == (one.files, one.tree)
    ]
    with ExitStack() as stack:
        chain, intact = None, False
        if one.tree is not None and not broken:
            with found.noting():
                chain = stack.enter_context(open_chain(one.run, found.files, one.tree))
                found.entries = int(chain.starts[-1])
                intact = _check_events(found, one, chain)
        broken |= chain is None and found.damaged
        friends = open_friends(found, one, stack, broken)
        if chain is not None:
            joined = join_friends(found, one, chain, friends, intact)
            chain = replace(chain, friends=joined)
            readable = check_branches(found, one, chain)
            if intact:
                selected = _select(found, one, chain, readable, examined)
            if selected is not None:
                wanted = {
                    name: wanted_events(found, one, name, chain, readable, selected)
                    for name in one.inputs
                }
            for name in own:
                check_input(found, one, name, chain, wanted.get(name, {}))
    for name, values in one.inputs.items():
        if name in own or (broken and values["files"] == one.files):
            continue
        with found.noting():
            files = run_files(values["files"], one.run)
            found.beside += files
            with open_chain(one.run, files, values["tree"]) as chain:
                if selected is not None:
                    first = selected.sort_values("entry").drop_duplicates("entry").head(SHOWN)
                    numbers = first.entry.to_numpy(), first.event.to_numpy()
                    require_friend(chain, found.entries, one.columns["event"], *numbers)
                check_input(found, one, name, chain, wanted.get(name, {}))
    selectable = selected is not None or not one.classes
    if one.skips and found.unreadable and not selectable and found.files == local(found.files):
        found.leave_out()
    return found


def _check_events(found: RunChecked, one: RunToCheck, chain: Chain) -> bool:
    """Note what is wrong with event numbers and run numbers; True if all could be read."""
    numbers = {
        name: one.columns[name]
        for name in (EVENT, "run")
        if name in one.columns and _has(chain, one.columns[name], one.channels)
    }
    if EVENT not in numbers:
        return False
    with found.noting():
        found.contents = contents_of(chain, one.columns)
    if found.damaged:
        return False
    chunks = read_columns(chain, numbers, one.channels[:1])
    if found.contents:  # else a file is listed twice, and so are its events
        chunks = with_unique_events(chunks, chain, numbers[EVENT])
    entries = 0
    with found.noting():
        for chunk in chunks:
            require_run(one.run, chunk)
            entries += chunk.entries
    return entries == found.entries


def _has(chain: Chain, text: str, channels: list[int]) -> bool:
    try:
        chain.number_types(branches_in([text], channels))
    except RunsieveError:
        return False  # said with all other branches
    return True


def _select(
    found: RunChecked, one: RunToCheck, chain: Chain, readable: set[str], examined: int
) -> pd.DataFrame | None:
    """Apply the cuts to the first entries; returns the events that pass.

    None if a column can't be read; the values of the others are read nevertheless.
    """
    columns = {
        name: text
        for name, text in one.columns.items()
        if branches_in([text], one.channels).keys() <= readable
    }
    if not one.classes or columns != one.columns:
        with found.noting():
            for _ in _first(found, one, chain, columns, examined):
                pass
        return None
    # Without some of their cuts, classes need not exclude each other.
    groups = [one.classes] if one.complete else [{name: one.classes[name]} for name in one.classes]
    with found.noting():
        selectors = [Selector(one.run, group, one.channels, one.keep, one.hit) for group in groups]
        lists = [
            events
            for chunk in _first(found, one, chain, columns, examined)
            for selector in selectors
            for events in selector.select([chunk])
        ]
        found.flow = pd.concat([one.cutflow() for one in selectors], ignore_index=True)
        return pd.concat(lists, ignore_index=True)
    return None


def _first(
    found: RunChecked, one: RunToCheck, chain: Chain, columns: Mapping[str, str], examined: int
) -> Iterator[Chunk]:
    """Columns of the first entries, at least `examined` of them if there are as many."""
    for chunk in read_columns(chain, columns, one.channels, examined):
        found.examined += chunk.entries
        yield chunk
        if found.examined >= examined:
            return
