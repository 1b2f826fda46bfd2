"""Fingerprints of the code behind a rule, so that Snakemake reruns what an edit can change.

Snakemake itself notices edits of a script, but not of the modules that the script imports. It also
reruns after a changed comment or a fresh checkout, because it compares time stamps.
"""

import ast
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
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
        digest.update(_digest(path.suffix, path.read_bytes()))
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
            if path.suffix == ".py":
                waiting += _files(imported(path.read_bytes()), root)
            waiting += _named(path)
    return found


def _named(path: Path) -> list[Path]:
    """Non-Python files next to `path` that it names, in its strings if it is a Python file."""
    beside = [one for one in _beside(path.parent) if one.suffix not in ("", ".py") and one != path]
    if not beside:
        return []
    content = path.read_bytes()
    texts = _strings(content) if path.suffix == ".py" else [content.decode(errors="ignore")]
    return [one for one in beside if any(one.name in text for text in texts)]


@cache
def _beside(folder: Path) -> tuple[Path, ...]:
    return tuple(sorted(path for path in folder.iterdir() if path.is_file()))


@cache
def _strings(content: bytes) -> tuple[str, ...]:
    """The string constants of a module."""
    nodes = ast.walk(ast.parse(content))
    return tuple(
        node.value
        for node in nodes
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


@dataclass(frozen=True)
class _Module:
    """What is hashed of a module, and the dotted names that it imports."""

    digest: bytes
    imported: frozenset[str]


@cache
def _module(content: bytes) -> _Module:
    tree = ast.parse(content)
    names = set()
    waiting: list[tuple[ast.AST, bool]] = [(tree, True)]  # statements, and whether they ever run
    while waiting:
        node, runs = waiting.pop()
        if isinstance(node, ast.Import) and runs:
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and runs:
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, DOCUMENTED) and ast.get_docstring(node, clean=False) is not None:
            node.body = node.body[1:]
        runs = runs and not _is_type_checking(node)
        children = ast.iter_child_nodes(node)  # expressions hold neither imports nor docstrings
        waiting += [(child, runs) for child in children if not isinstance(child, ast.expr)]
    above = {name.rsplit(".", cut)[0] for name in names for cut in range(1, name.count(".") + 1)}
    digest = hashlib.sha256(ast.dump(tree).encode()).digest()
    return _Module(digest, frozenset(names | above))


def _is_type_checking(node: ast.AST) -> bool:
    test = node.test if isinstance(node, ast.If) else None
    return isinstance(test, ast.Name) and test.id == "TYPE_CHECKING"


def _digest(suffix: str, content: bytes) -> bytes:
    return _module(content).digest if suffix == ".py" else hashlib.sha256(content).digest()


def imported(content: bytes) -> frozenset[str]:
    """Dotted names that a module imports, and their parent packages, whose `__init__` runs too.

    Imports under `TYPE_CHECKING` are left out, because they never run.
    """
    return _module(content).imported


def _files(names: Iterable[str], root: Path) -> list[Path]:
    """The files below `root` that define the names, if there are any."""
    return [file for name in names for file in _files_of(name, root)]


@cache
def _files_of(name: str, root: Path) -> tuple[Path, ...]:
    place = root.joinpath(*name.split("."))
    return tuple(
        file for file in (place.with_suffix(".py"), place / "__init__.py") if file.is_file()
    )
