"""Compiling the example in C++ with ROOT and ONNX Runtime, where they are installed."""

import importlib.util
import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

HEADERS = ("/usr/include/onnxruntime", "/usr/local/include/onnxruntime")


class MissingError(Exception):
    """What is not installed."""


@dataclass(frozen=True)
class Tools:
    """A compiler, the options that ROOT needs, and where ONNX Runtime is.

    environment: variables that a program with ROOT needs
    """

    compiler: str
    root: list[str]
    headers: Path
    library: Path
    environment: Mapping[str, str]

    def compile(self, source: Path, program: Path) -> None:
        """Compile a program; warnings are errors. Raises CalledProcessError."""
        folder = program.parent
        for name in ("libonnxruntime.so", "libonnxruntime.so.1"):
            (folder / name).symlink_to(self.library)
        command = [self.compiler, "-O1", "-Wall", "-Wextra", "-Werror", str(source), *self.root]
        command += ["-isystem", str(self.headers), f"-L{folder}", "-lonnxruntime"]
        command += [f"-Wl,-rpath,{folder}", "-o", str(program)]
        subprocess.run(command, check=True, capture_output=True, text=True)


def find_tools() -> Tools:
    """The tools that are installed. Raises MissingError, with the name of the first that is not."""
    compiler = shutil.which("g++") or shutil.which("c++")
    if compiler is None:
        raise MissingError("a C++ compiler")
    headers = next((one for one in map(Path, HEADERS) if one.is_dir()), None)
    if headers is None:
        raise MissingError(f"headers of ONNX Runtime, in {' or '.join(HEADERS)}")
    package = Path(importlib.util.find_spec("onnxruntime").origin).parent
    library = next(package.glob("capi/libonnxruntime.so.*"), None)
    if library is None:
        raise MissingError("the library of ONNX Runtime in its Python package")
    return Tools(compiler, _root(), headers, library, _environment())


def _root() -> list[str]:
    """Options for the compiler: those of `root-config`, or for the Python package `root`."""
    if shutil.which("root-config"):
        command = ["root-config", "--cflags", "--libs"]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    folder = _package()
    if folder is None:
        raise MissingError("ROOT (root-config, or the Python package `root`)")
    library = folder / "lib"
    return [
        *("-std=c++17", "-isystem", str(folder / "include"), f"-L{library}"),
        *("-lCore", "-lRIO", "-lTree", "-lTreePlayer", f"-Wl,-rpath,{library}"),
        f"-Wl,-rpath-link,{folder.parent / 'root.libs'}",
    ]


def _package() -> Path | None:
    found = importlib.util.find_spec("ROOT")  # which does not import it
    return None if found is None else Path(found.origin).parent


def _environment() -> dict[str, str]:
    folder = None if shutil.which("root-config") else _package()
    return dict(os.environ) | ({} if folder is None else {"ROOTSYS": str(folder)})
