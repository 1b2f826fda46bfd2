"""Output files that are either complete or absent."""

import errno
import glob
import os
import re
import shutil
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from runsieve.errors import RunsieveError

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
CUT_SHORT = re.compile(r"\d+ requested and \d+ written")  # NumPy's words, without a number
ABANDONED = 86400.0  # seconds after which nobody writes a file any more


@contextmanager
def written(path: str | Path) -> Iterator[Path]:
    """Yield a temporary path; rename it to `path` if the block succeeds, else remove it.

    The suffix is kept, because libraries choose a format by it. Missing folders are created. The
    temporary path is this process's own: a job whose Snakemake was killed may still write the same
    file. Raises RunsieveError if the disk is full.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    _remove_abandoned(path)
    owner = f"{socket.gethostname()}-{os.getpid()}"
    partial = path.with_name(f".{path.stem}.{owner}.partial{path.suffix}")
    try:
        yield partial
        partial.replace(path)
    except OSError as error:
        if error.errno in FULL or CUT_SHORT.fullmatch(str(error)):
            raise RunsieveError(
                f"{path}: no space is left for it, {_free(path.parent)}; make room and start again"
            ) from error
        raise
    finally:
        partial.unlink(missing_ok=True)


def reserve(path: Path, size: int) -> None:
    """Make a file of `size` bytes that has its place on the disk.

    Writing to a mapped file without one ends the process where the disk is full. Raises OSError if
    there is not enough place; file systems that cannot reserve any write zeros.
    """
    with path.open("ab") as file:
        os.posix_fallocate(file.fileno(), 0, size)


def _free(folder: Path) -> str:
    return f"{shutil.disk_usage(folder).free / 1e6:.0f} MB are free in {folder}"


def _remove_abandoned(path: Path) -> None:
    """Remove what processes that were killed have left of this file."""
    pattern = re.compile(rf"\.{re.escape(path.stem)}\.(.+)-(\d+)\.partial{re.escape(path.suffix)}")
    for name in glob.glob(f".{glob.escape(path.stem)}.*", root_dir=path.parent):
        match, place = pattern.fullmatch(name), path.with_name(name)
        if match is None:
            continue
        here = match[1] == socket.gethostname()
        with suppress(FileNotFoundError):
            age = time.time() - place.stat().st_mtime
            if age > ABANDONED or (here and not Path(f"/proc/{match[2]}").exists()):
                place.unlink()
