"""The friends of a run: which can be opened, and which of their entries belong to its events."""

from contextlib import ExitStack

import numpy as np

from runsieve.checks.findings import FriendChecked, RunChecked, RunToCheck
from runsieve.config.friends import branches_of, friends_of
from runsieve.expressions import ENTRY
from runsieve.runs.files import run_files
from runsieve.runs.friends import FriendFiles, Joined, join, require_complete
from runsieve.runs.protection import unprotected
from runsieve.runs.trees import Chain, open_chain


def open_friends(
    found: RunChecked, one: RunToCheck, stack: ExitStack, broken: bool
) -> dict[str, Chain]:
    """Open the trees of all friends, and note those that can't be opened.

    broken: True if the files of the run can't be read, so that no other tree is looked for in them
    """
    opened = {}
    for name, values in one.friends.items():
        if broken and values["files"] == one.files:
            continue
        with found.noting():
            files = run_files(values["files"], one.run)
            found.beside += files
            opened[name] = stack.enter_context(open_chain(one.run, files, values["tree"]))
    return opened


def join_friends(
    found: RunChecked, one: RunToCheck, chain: Chain, opened: dict[str, Chain], intact: bool
) -> dict[str, Joined]:
    """Join the friends that were opened, and note those that do not belong to the run.

    What can't be joined has no entry for any event: its branches can be looked for, but not read.

    intact: False if the events of the run are not known, so that nothing is to be expected of them
    """
    friends = {}
    for name, own in opened.items():
        files = FriendFiles.of({**one.friends[name], "files": list(own.files)})
        if intact and files.event is not None:
            with found.noting():
                joined = join(chain, own, name, files)
                found.friends.append(FriendChecked.of(joined))
                require_complete(chain, joined)
                texts = [text for text in (files.settings.event, files.settings.run) if text]
                found.unprotected += unprotected(own, branches_of(texts, [0]) - {ENTRY})
                friends[name] = joined
        if name not in friends:
            nothing = np.zeros(chain.starts[-1] + 1, int), np.empty(0, int)
            friends[name] = Joined(name, own, files.settings, *nothing)
    return friends


def is_open(one: RunToCheck, chain: Chain, branch: str) -> bool:
    """False for a branch of a friend that can't be opened, which has been noted."""
    return all(name in chain.friends for name in friends_of([branch], one.friends))


def is_joined(chain: Chain, branch: str) -> bool:
    """False for a branch of a friend that can't be joined, which has been noted."""
    friend = chain.friend(branch)
    return friend is None or friend[0].matched > 0
