"""Fingerprints of the code behind a rule, so that Snakemake re-runs what an edit can change.

Snakemake sees an edit of a script, but not of a package that the script imports; and it re-runs on
a changed comment or a fresh checkout as well, because it compares time stamps.
"""

import ast
import hashlib
from functools import cache
from pathlib import Path

SCRIPTS = Path(__file__).resolve().parent.parent


def fingerprint(script: str, root: Path = SCRIPTS) -> str:
    """Hash of the script `root/script` and of every module that it imports, at any depth.

    Comments, docstrings and layout do not count: what is hashed is the syntax tree. Other files
    beside an imported module, such as templates, count as they are.
    """
    digest = hashlib.sha256()
    for path in sorted(sources(root / script, root)):
        digest.update(path.relative_to(root).as_posix().encode())
        digest.update(_digest(path, path.stat().st_mtime_ns).encode())
    return digest.hexdigest()[:16]


def sources(script: Path, root: Path = SCRIPTS) -> set[Path]:
    """The script itself and all files below `root` that it reaches through its imports."""
    found: set[Path] = set()
    waiting = [script]
    while waiting:
        path = waiting.pop()
        if path not in found:
            found.add(path)
            waiting += _imported(path, path.stat().st_mtime_ns, root)
    folders = {path.parent for path in found} - {root}
    return found | {
        path for folder in folders for path in folder.iterdir() if path.suffix not in ("", ".py")
    }


@cache
def _tree(path: Path, _changed: int) -> ast.Module:
    return ast.parse(path.read_text(), filename=str(path))


@cache
def _digest(path: Path, changed: int) -> str:
    if path.suffix != ".py":
        return hashlib.sha256(path.read_bytes()).hexdigest()
    tree = _WithoutDocstrings().visit(_tree(path, changed))
    return hashlib.sha256(ast.dump(tree).encode()).hexdigest()


@cache
def _imported(path: Path, changed: int, root: Path) -> tuple[Path, ...]:
    names = set()
    for node in ast.walk(_tree(path, changed)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    files = []
    for name in names:
        place = root.joinpath(*name.split("."))
        files += [place.with_suffix(".py"), place / "__init__.py"]
    return tuple(sorted(file for file in files if file.is_file()))


class _WithoutDocstrings(ast.NodeTransformer):
    def _strip(self, node: ast.AST) -> ast.AST:
        self.generic_visit(node)
        if ast.get_docstring(node, clean=False) is not None:
            node.body = node.body[1:]
        return node

    visit_Module = visit_ClassDef = visit_FunctionDef = visit_AsyncFunctionDef = _strip  # noqa: N815
