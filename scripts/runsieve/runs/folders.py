"""Folders of files: each is listed once, however many patterns are matched against its names."""

import os
import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from fnmatch import translate
from functools import cached_property
from pathlib import Path

MAGIC = re.compile(r"[*?[]")
LITERAL_END = re.compile(r"[^*?[\]]*$")
FEW = 16  # names that are matched one by one without looking for a better end of the pattern


class Folders:
    """Finds files by paths and patterns as `glob.glob` does, from one listing of each folder.

    Files that appear or disappear after a folder was listed go unnoticed.
    """

    def __init__(self) -> None:
        self._known: dict[str, _Names] = {}

    def matching(self, path: str) -> list[str]:
        """Paths that match a path or pattern, sorted; a link to nothing counts, too."""
        if not MAGIC.search(path):
            return [path] if os.path.lexists(path) else []
        head, tail = os.path.split(path)
        heads = self.matching(head) if head != path and MAGIC.search(head) else [head]
        folders = {one: one if one in ("", "/") else f"{one}/" for one in heads}
        if not MAGIC.search(tail):
            places = [f"{start}{tail}" for one, start in folders.items() if Path(one).is_dir()]
            return sorted(filter(os.path.lexists, places))
        return sorted(
            f"{start}{name}"
            for one, start in folders.items()
            for name in self._names(one).matching(tail)
        )

    def _names(self, folder: str) -> "_Names":
        if folder not in self._known:
            try:
                with os.scandir(folder or os.curdir) as entries:
                    names = [entry.name for entry in entries]
            except OSError:
                names = []
            self._known[folder] = _Names(names)
        return self._known[folder]


class _Names:
    """The names in a folder, in which few have to be compared with a pattern."""

    def __init__(self, names: list[str]) -> None:
        self.forwards = sorted(names)

    @cached_property
    def backwards(self) -> list[str]:
        return sorted(name[::-1] for name in self.forwards)

    def matching(self, pattern: str) -> list[str]:
        start = pattern[: MAGIC.search(pattern).start()]
        found = _starting(self.forwards, start)
        if len(found) > FEW:
            end = LITERAL_END.search(pattern).group()
            others = _starting(self.backwards, end[::-1])
            if len(others) < len(found):
                found = [name[::-1] for name in others]
        if not start:  # hidden names match no pattern that begins with a wildcard
            found = [name for name in found if not name.startswith(".")]
        return list(filter(_matcher(pattern), found))


def _starting(names: list[str], start: str) -> list[str]:
    """Those of the sorted names that begin with some letters."""

    def beginning(name: str) -> str:
        return name[: len(start)]

    first = bisect_left(names, start, key=beginning)
    return names[first : bisect_right(names, start, key=beginning)]


def _matcher(pattern: str) -> Callable[[str], re.Match[str] | None]:
    return re.compile(translate(pattern)).match
