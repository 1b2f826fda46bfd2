"""The branches that columns of a run are made of."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from runsieve.checks.findings import RunChecked, RunToCheck
from runsieve.checks.friends import is_joined, is_open
from runsieve.checks.likeness import likewise, unnamed
from runsieve.errors import RunsieveError
from runsieve.expressions import ENTRY, for_channel, parse_for
from runsieve.runs.arrays import read_values
from runsieve.runs.protection import unprotected
from runsieve.runs.trees import Chain

SHOWN = 3  # values of the first entry


def check_branches(found: RunChecked, one: RunToCheck, chain: Chain) -> set[str]:
    """Note every branch that is missing or unreadable; the others are returned."""
    needed = branches_in([*one.columns.values(), *one.others.values()], one.channels)
    names = {name: pattern for name, pattern in needed.items() if is_open(one, chain, name)}
    types = {}
    told = []
    try:
        types = chain.number_types(names)
    except RunsieveError:
        # One by one, since the first mistake ends the reading of all.
        for name, pattern in names.items():
            with found.catching() as caught:
                types |= chain.number_types([name])
            told += [(f"'{name}'", text, unnamed(text, {name: pattern})) for text in caught]
    rows = []
    for name, kind in types.items():
        if not is_joined(chain, name):
            continue
        with found.catching() as caught:
            first = read_values(chain, name, np.array([0]))
            rows.append({"branch": name, "type": str(kind), "first": _shown(first)})
        told += [(f"'{name}'", text, unnamed(text, {name: names[name]})) for text in caught]
    found.problems += likewise(told, "branch", "branches")
    readable = {row["branch"] for row in rows}
    with found.noting():
        found.unprotected += unprotected(chain, readable)
    found.branches = pd.DataFrame(rows, columns=["branch", "type", "first"])
    return readable


def branches_in(texts: Iterable[str], channels: Iterable[int]) -> dict[str, str]:
    """All branches, and what those of one expression have in common in all channels."""
    names = {}
    for text in texts:
        for channel in channels:
            for name in sorted(parse_for(text, channel).names - {ENTRY}):
                each = text != for_channel(text, channel)
                names.setdefault(name, name.replace(str(channel), "{channel}") if each else name)
    return dict(sorted(names.items()))


def _shown(values: Any) -> str:
    flat = np.asarray(values[0]).ravel()
    text = ", ".join(f"{value:.6g}" for value in flat[:SHOWN])
    return f"{text}, … ({len(flat)} values)" if len(flat) > SHOWN else text
