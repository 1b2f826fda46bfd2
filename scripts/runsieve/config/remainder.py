"""The remainder of an analysis with mistakes: settings without them, to look for mistakes in files.

Only what decides how runs are read is kept. Whatever contradicts something else is left out, so the
settings can be used as any others.
"""

from typing import Any

from pydantic import Field

from runsieve.config.analysis import Analysis
from runsieve.config.base import Name, Title
from runsieve.config.checks import check
from runsieve.config.columns import Column
from runsieve.config.mending import Place, read_settings
from runsieve.config.messages import nearest
from runsieve.config.model import ModelSettings
from runsieve.config.run_sheet import Run
from runsieve.config.sample import Sample
from runsieve.config.selection import EventClass
from runsieve.expressions import ENTRY

SEEN = (
    *("title", "tree", "channels", "columns", "friends", "keep", "selection", "classes", "inputs"),
    *("samples", "ingest"),
)
SEEN_OF_SAMPLES = ("channels", "classes", "runs", "runs_of")
ROUNDS = 50  # what is left out can contradict other keys
FIELDS = Analysis.model_fields
MISSING_EVENT = "columns.event: missing"


class Remainder(Analysis):
    """An analysis of which any part may be missing."""

    title: Title = ""
    columns: dict[Name, Column] = Field(default_factory=dict)
    classes: dict[Name, EventClass] = Field(default_factory=dict)
    samples: dict[Name, Sample] = Field(default_factory=dict)
    models: dict[Name, ModelSettings] = Field(default_factory=dict)


def remainder(
    content: dict[str, Any], runs: list[Run], sheet: str
) -> tuple[Remainder, frozenset[Place]] | None:
    """The settings in the content of a file without its mistakes, and the keys that were left out.

    None if no settings are left.
    """
    rest = {key: value for key, value in content.items() if key in SEEN or key not in FIELDS}
    if isinstance(rest.get("samples"), dict):
        rest["samples"] = {name: _seen(sample) for name, sample in rest["samples"].items()}
    places: set[Place] = set()
    for _ in range(ROUNDS):
        read = read_settings(Remainder, rest, "")
        places |= read.places
        if read.settings is None:
            return None
        rest = read.content
        removed = set()
        for text in check(read.settings, runs, sheet):
            if text.startswith(MISSING_EVENT):
                # Every entry is an event of its own; that can't be wrong.
                rest.setdefault("columns", {})["event"] = ENTRY
                removed.add(("columns", "event"))
            elif place := _remove(rest, text):
                removed.add(place)
        places |= removed
        if not removed:
            break
    unknown = {key for key, *below in places if not below and key not in FIELDS}
    if any(nearest(key, FIELDS) is None for key in unknown):
        # It may be meant for a key that is not given.
        places |= {(key,) for key in ("tree", "channels", "friends") if key not in rest}
    return read.settings, frozenset(places)


def _seen(sample: Any) -> Any:
    if not isinstance(sample, dict):
        return sample
    fields = Sample.model_fields
    return {k: value for k, value in sample.items() if k in SEEN_OF_SAMPLES or k not in fields}


def _remove(content: Any, text: str) -> Place | None:
    """Remove the value that a sentence begins with the keys of; returns these, None if not found.

    If the last keys are not there, because a default contradicts something, the value above goes.
    """
    if not isinstance(content, dict):
        return None
    # Names of cuts may have dots in them.
    for key in sorted(content, key=lambda key: -len(str(key))):
        rest = text.removeprefix(str(key))
        if rest == text or rest[:1] not in (".", ":"):
            continue
        below = _remove(content[key], rest[1:]) if rest[0] == "." else None
        if below is None:
            del content[key]
        return (str(key), *(below or ()))
    return None
