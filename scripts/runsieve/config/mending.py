"""Looking past a mistake: the content of a file without it, so that others are found as well."""

import copy
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from runsieve.config.base import Settings
from runsieve.config.messages import nearest, sentences, walk

Place = tuple[str, ...]  # keys, from the top of a file
# How sentences speak of the values of a key without quoting one.
NAMED = {"channels": "in channels [", "keep": "kept column", "ingest": "ingest."}
OF_CLASSES = "event of its classes ("  # does not name those that were left out
ROUNDS = 20  # a mistake below a key that was misspelt shows only when the key is mended


def lacks(places: Iterable[Place], *keys: str) -> bool:
    """True if a place that was left out is at these keys, above or below them."""
    return any(
        all(one == other for one, other in zip(place, keys, strict=False)) for place in places
    )


@dataclass
class Mended:
    """Settings of a file, and what was wrong with it.

    settings: None if not even the rest of the file can be read
    errors: sentences, one per mistake
    left_out: names and keys without which the settings were read; what is said of them otherwise
        could be a consequence of a mistake
    places: the same as paths of keys, and unknown keys
    content: what the settings were read from in the end
    """

    settings: Settings | None
    errors: list[str]
    left_out: set[str] = field(default_factory=set)
    places: set[Place] = field(default_factory=set)
    content: Any = None

    def independent(self, texts: Iterable[str]) -> list[str]:
        """The sentences, beginning with a key, that do not follow from what was left out."""
        return [text for text in texts if not self._follows(text)]

    def _follows(self, text: str) -> bool:
        key, _, said = text.partition(": ")
        keys = key.split(".")
        return (
            any(f"'{name}'" in said for name in self.left_out)
            or lacks(self.places, *keys)
            or any(words in said for key, words in NAMED.items() if (key,) in self.places)
            or (OF_CLASSES in said and lacks(self.places, "classes"))
        )


def read_settings(
    model: type[Settings], content: Any, file: str, prefix: tuple[str, ...] = ()
) -> Mended:
    """Read `content` as settings; where it has mistakes, read it without them.

    An unknown key that is close to a known one is read as that, other unknown keys and wrong values
    are left out, and so is whatever lacks a required key.
    """
    content = copy.deepcopy(content)
    renamed: list[Place] = []
    found = Mended(None, [], content=content)
    for number in range(ROUNDS):
        try:
            found.settings = model.model_validate(content)
            break
        except ValidationError as error:
            told = sentences(error, model, file, prefix)
            if number:
                # What the mending itself has caused is no mistake of the file.
                below = tuple(f"{file}: {'.'.join((*prefix, *keys))}" for keys in renamed)
                told = [text for text in told if text.startswith(below)]
            found.errors += [text for text in told if text not in found.errors]
            if not _mend(found, error, model, renamed):
                break
    return found


def _mend(
    found: Mended, error: ValidationError, model: type[Settings], renamed: list[Place]
) -> bool:
    """Change the content where it is wrong; False if nothing could be changed."""
    changed = False
    for item in error.errors():
        keys, fields = walk(model, item["loc"])
        if item["loc"][-1:] == ("[key]",):
            keys = keys[:-1]
        if item["type"] == "missing":
            # What lacks a key is left out as a whole.
            keys = keys[:-1]
        if not keys:
            continue
        holder, key = _holder(found.content, keys)
        if holder is None:
            continue
        value = holder.pop(key)
        changed = True
        near = nearest(keys[-1], fields) if item["type"] == "extra_forbidden" else None
        if near is not None and isinstance(holder, dict) and near not in holder:
            holder[near] = value
            renamed.append((*keys[:-1], near))
            continue
        found.places.add(tuple(keys))
        if item["type"] != "extra_forbidden":
            found.left_out.add(next(name for name in reversed(keys) if not name.isdigit()))
    return changed


def _holder(content: Any, keys: list[str]) -> tuple[dict | list | None, Any]:
    """The mapping or list that holds the value at these keys, and its key or index there."""
    here = content
    for place, key in enumerate(keys):
        if isinstance(here, list):
            known = {str(number): number for number in range(len(here))}
        elif isinstance(here, dict):
            known = {str(one): one for one in here}
        else:
            return None, None
        if key not in known:
            return None, None
        if place == len(keys) - 1:
            return here, known[key]
        here = here[known[key]]
    return None, None
