"""What could be wrong, in as few lines as possible: sentences that say the same become one."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Found:
    """A sentence, and where it was found: what it is of, and the anchor to that; "" for none."""

    text: str
    of: str = ""
    anchor: str = ""


@dataclass
class Remark:
    """Sentences that differ in numbers alone: the first of them, and the places of all."""

    text: str
    places: list[tuple[str, str]] = field(default_factory=list)


def gathered(found: Iterable[Found]) -> list[Remark]:
    """One remark for all sentences that differ in nothing but numbers, in the order of the first.

    The text of several is that of the first, its numbers included: they are an example.
    """
    remarks: dict[str, Remark] = {}
    for one in found:
        remark = remarks.setdefault(_pattern(one.text), Remark(one.text))
        if one.of and (one.of, one.anchor) not in remark.places:
            remark.places.append((one.of, one.anchor))
    return list(remarks.values())


def _pattern(text: str) -> str:
    return re.sub(r"[-+\u2212]?\d[\d.,e\u2009]*", "#", text)
