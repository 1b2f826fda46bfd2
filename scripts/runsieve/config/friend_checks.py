"""Checks of friends: what columns and inputs may read of them."""

from collections.abc import Iterator

from runsieve.config.analysis import Analysis
from runsieve.config.friends import branches_of, friends_of
from runsieve.errors import RunsieveError
from runsieve.expressions import for_channel, parse


def check_friends(analysis: Analysis) -> Iterator[str]:
    """Contradictions between friends, columns and inputs, as sentences that start with the key."""
    for name, friend in analysis.friends.items():
        for key, text in (("event", friend.event), ("run", friend.run)):
            if text is not None:
                yield from _check_number(f"friends.{name}.{key}", text, name)
        if friend.files is None and friend.tree == analysis.tree:
            yield f"friends.{name}.tree: '{friend.tree}' is the tree of the run itself"
    event = analysis.columns.get("event")
    if isinstance(event, str):
        for name in _friends(analysis, [event]):
            yield (
                f"columns.event: must be of the tree '{analysis.tree}', by whose event numbers the "
                f"friend '{name}' is joined"
            )
    for name, settings in analysis.inputs.items():
        texts = [analysis.columns.get(column) for column in settings.columns]
        used = _friends(analysis, [text for text in texts if isinstance(text, str)])
        direct = friends_of(
            (for_channel(text, analysis.channels[0]) for text in settings.branches),
            analysis.friends,
        )
        for friend in direct:
            if analysis.friends[friend].many:
                yield (
                    f"inputs.{name}.branches: the friend '{friend}' has several entries per event; "
                    "make columns of them, such as Sum$ or Max$"
                )
        elsewhere = [key for key in ("files", "tree") if getattr(settings, key) is not None]
        for friend in [*used, *direct]:
            if elsewhere:
                yield (
                    f"inputs.{name}.{elsewhere[0]}: does not go with branches of the friend "
                    f"'{friend}'"
                )


def _friends(analysis: Analysis, texts: list[str]) -> list[str]:
    try:
        return friends_of(branches_of(texts, analysis.channels), analysis.friends)
    except RunsieveError:
        return []  # said where the column is checked


def _check_number(key: str, text: str, friend: str) -> Iterator[str]:
    if "{channel}" in text:
        yield f"{key}: must be the same in all channels, found '{text}'"
        return
    try:
        names = parse(text).names
    except RunsieveError as error:
        yield f"{key}: {error}"
        return
    if not names:
        yield f"{key}: names no branch, found '{text}'"
    for name in sorted(names):
        if name.startswith(f"{friend}."):
            yield f"{key}: is of the friend itself; write '{name.partition('.')[2]}'"
