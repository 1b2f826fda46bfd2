"""Fingerprints of the code behind a rule, so that Snakemake reruns what an edit can change.

Snakemake itself notices edits of a script, but not of the modules that the script imports. It also
reruns after a changed comment or a fresh checkout, because it compares time stamps.
"""

import hashlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from runsieve.syntax import Facts, facts_of

SCRIPTS = Path(__file__).resolve().parent.parent


def fingerprint(*scripts: str, root: Path = SCRIPTS) -> str:
    """Hash of the scripts `root/script` and of every module that they import, at any depth.

    The syntax tree is hashed, so comments, docstrings and formatting do not count. Files that are
    not Python, such as templates, count for the modules that name them.
    """
    digest = hashlib.sha256()
    found = set().union(*(sources(root / script, root) for script in scripts))
    for path in sorted(found):
        digest.update(path.relative_to(root).as_posix().encode())
        digest.update(_digest(path))
    return digest.hexdigest()[:16]


def user_fingerprint(files: Iterable[str]) -> str:
    """Hashes of user-supplied Python files, each including the modules next to it that it imports.

    Returns them separated by spaces. Missing files are skipped; they are reported elsewhere.
    """
    paths = [Path(file) for file in dict.fromkeys(files)]
    return " ".join(fingerprint(path.name, root=path.parent) for path in paths if path.is_file())


def code_of(scripts: Iterable[str], user_files: Iterable[str]) -> str:
    """Fingerprint of scripts and, if there are any, of user-supplied files."""
    return " ".join(filter(None, [fingerprint(*scripts), user_fingerprint(user_files)]))


def sources(script: Path, root: Path = SCRIPTS) -> set[Path]:
    """The script and all files below `root` that it depends on, at any depth.

    These are the modules that it imports, the files next to a module that its strings name, and the
    files that those name in turn, as when a template includes another.
    """
    found: set[Path] = set()
    waiting = [script]
    while waiting:
        path = waiting.pop()
        if path not in found:
            found.add(path)
            waiting += _needed(path, root)
    return found


@cache
def _needed(path: Path, root: Path) -> tuple[Path, ...]:
    """Files that a file needs directly; in one process, each is read once."""
    if path.suffix != ".py":
        return tuple(_named(path, [path.read_text(encoding="utf-8", errors="ignore")]))
    facts = _facts(path)
    modules = [file for name in facts.imported for file in _files_of(name, root)]
    return (*modules, *_named(path, facts.strings))


def _named(path: Path, texts: Iterable[str]) -> list[Path]:
    """Files next to `path`, but for Python files, that the texts name."""
    beside = [one for one in _beside(path.parent) if one != path]
    return [one for one in beside if any(one.name in text for text in texts)]


@cache
def _beside(folder: Path) -> tuple[Path, ...]:
    """Files of a folder that are not Python."""
    paths = [folder / name for name in sorted(_names_in(folder)) if not name.endswith(".py")]
    return tuple(path for path in paths if path.suffix and path.is_file())


@cache
def _facts(path: Path) -> Facts:
    return facts_of(path)


@cache
def _digest(path: Path) -> bytes:
    if path.suffix == ".py":
        return bytes.fromhex(_facts(path).code)
    return hashlib.sha256(path.read_bytes()).digest()


@cache
def _files_of(name: str, root: Path) -> tuple[Path, ...]:
    """The files below `root` that define a name, if there are any."""
    place = root.joinpath(*name.split("."))
    files = (place.with_suffix(".py"), place / "__init__.py")
    return tuple(file for file in files if file.name in _names_in(file.parent))


@cache
def _names_in(folder: Path) -> frozenset[str]:
    return frozenset(path.name for path in folder.iterdir()) if folder.is_dir() else frozenset()
