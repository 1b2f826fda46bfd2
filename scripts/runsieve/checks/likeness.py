"""Mistakes that are found in several places are said once."""

import re
from collections.abc import Hashable, Iterable, Mapping

SHOWN = 10


def likewise(told: Iterable[tuple[str, str, Hashable]], one: str, several: str) -> list[str]:
    """The sentences, of those about the same mistake the first one with the other places.

    told: place, sentence and what identifies the mistake
    one, several: what the places are, such as "branch" and "branches"
    """
    groups: dict[Hashable, list[tuple[str, str]]] = {}
    for place, text, mistake in told:
        groups.setdefault(mistake, []).append((place, text))
    sentences = []
    for (first, text), *others in groups.values():
        places = [place for place in dict.fromkeys(place for place, _ in others) if place != first]
        if places:
            named = ", ".join(places[:SHOWN]) + (", …" if len(places) > SHOWN else "")
            text += f" (likewise {one if len(places) == 1 else several} {named})"
        sentences.append(text)
    return sentences


def unnamed(text: str, names: Mapping[str, str]) -> str:
    """A sentence without what differs between channels: names, near names and entries.

    names: what branches have in common in all channels; sentences about a branch of a friend name
    it without the friend
    """
    for name, common in names.items():
        for one, other in ((name, common), (name.partition(".")[2], common.partition(".")[2])):
            text = text.replace(f"'{one}'", f"'{other}'")
    return re.sub(r"\(nearest: .*?\)|entr\S+ \d+", "", text)
