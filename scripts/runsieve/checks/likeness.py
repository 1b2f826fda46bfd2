"""Mistakes that are found in several places are said once."""

from collections.abc import Hashable, Iterable

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
