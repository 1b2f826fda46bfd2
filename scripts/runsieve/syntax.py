"""What the syntax tree of a Python file says, kept beside its bytecode.

Parsing the files behind all rules takes longer than all else that a start of Snakemake does.
"""

import ast
import hashlib
import json
import sys
from contextlib import suppress
from dataclasses import asdict, dataclass
from importlib.util import cache_from_source
from pathlib import Path

from runsieve.errors import RunsieveError
from runsieve.files import written

DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


@dataclass(frozen=True)
class Facts:
    """What is used of a Python file.

    content: hash of its bytes
    code: hash of its syntax tree without docstrings; comments and formatting are not in it
    imported: dotted names that it imports where it runs, and their parent packages, whose
        `__init__` runs too; imports under `TYPE_CHECKING` never run
    strings: its string constants, without docstrings
    """

    content: str
    code: str
    imported: list[str]
    strings: list[str]


def facts_of(path: Path) -> Facts:
    """The facts of a Python file, from beside its bytecode or from its text.

    They are kept where Python keeps bytecode, unless it was told to keep none (`python -B`) or the
    folder cannot be written to. Raises SyntaxError if the file is no Python.
    """
    text = path.read_bytes()
    content = hashlib.sha256(text).hexdigest()
    place = Path(cache_from_source(str(path))).with_suffix(".facts.json")
    with suppress(OSError, ValueError, TypeError):
        kept = Facts(**json.loads(place.read_bytes()))
        if kept.content == content:
            return kept
    facts = _parsed(text, content)
    if not sys.dont_write_bytecode:
        with suppress(OSError, RunsieveError), written(place) as partial:
            partial.write_text(json.dumps(asdict(facts)), encoding="utf-8")
    return facts


def _parsed(text: bytes, content: str) -> Facts:
    tree = ast.parse(text)
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
    code = hashlib.sha256(ast.dump(tree).encode()).hexdigest()
    return Facts(content, code, sorted(names | above), _strings(tree))


def _strings(tree: ast.AST) -> list[str]:
    constants = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant))
    return sorted({value for value in constants if isinstance(value, str)})


def _is_type_checking(node: ast.AST) -> bool:
    test = node.test if isinstance(node, ast.If) else None
    return isinstance(test, ast.Name) and test.id == "TYPE_CHECKING"
