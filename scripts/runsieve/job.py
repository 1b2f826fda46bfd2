"""What all scripts share: a log that always exists, and errors as readable sentences."""

import io
import os
import platform
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from runsieve.errors import RunsieveError

REPORTED_PACKAGES = ("snakemake", "numpy", "pandas", "uproot", "awkward", "scikit-learn", "keras")
HOST = "host "  # before the name of the host, at the end of the first line


@contextmanager
def job_log(path: str) -> Iterator[Callable[[str], None]]:
    """Redirect everything that the block prints, from Python or from C, to the file `path`.

    Yields a function that writes a line to the log and to the terminal, for what a person should
    read though the job succeeds.

    If the block fails, the log gets the traceback and the terminal one sentence, and SystemExit is
    raised with code 1.
    """
    place = Path(path)
    place.parent.mkdir(parents=True, exist_ok=True)
    sys.stdout.flush()
    sys.stderr.flush()
    terminal = [os.dup(1), os.dup(2)]
    start = time.monotonic()
    failure = None

    def say(text: str) -> None:
        print(text, flush=True)
        os.write(terminal[1], f"{text}\n".encode())

    with place.open("w", encoding="utf-8") as log, _in_utf8():
        try:
            os.dup2(log.fileno(), 1)
            os.dup2(log.fileno(), 2)
            print(f"{_versions()}, {HOST}{platform.node()}", flush=True)
            yield say
            print(f"finished after {time.monotonic() - start:.1f} s")
        except Exception as error:
            failure = error
            with suppress(OSError):  # the disk may be full
                traceback.print_exc()
        finally:
            for stream in (sys.stdout, sys.stderr):
                with suppress(OSError):
                    stream.flush()
            for descriptor, saved in enumerate(terminal, start=1):
                os.dup2(saved, descriptor)
                os.close(saved)
    if failure is not None:
        kind = "" if isinstance(failure, RunsieveError) else f"{type(failure).__name__}: "
        advice = getattr(failure, "advice", "")
        sentence = f"{failure}; {advice}" if advice else str(failure)
        print(f"error: {kind}{sentence} (traceback in {path})", file=sys.stderr, flush=True)
        raise SystemExit(1) from failure


def host_of(log: Path) -> str:
    """The host of the job that wrote a log; empty if the log is not there, or does not say it."""
    try:
        with log.open(encoding="utf-8", errors="replace") as lines:
            return next(lines, "").rstrip("\n").partition(f", {HOST}")[2]
    except FileNotFoundError:
        return ""


@contextmanager
def _in_utf8() -> Iterator[None]:
    """Print UTF-8 whatever the locale, because titles and names of files can be in any alphabet."""
    streams = [one for one in (sys.stdout, sys.stderr) if isinstance(one, io.TextIOWrapper)]
    before = [(one.encoding, one.errors) for one in streams]
    for stream in streams:
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        yield
    finally:
        for stream, (encoding, errors) in zip(streams, before, strict=True):
            stream.reconfigure(encoding=encoding, errors=errors)


def _versions() -> str:
    versions = [f"python {platform.python_version()}"]
    for name in REPORTED_PACKAGES:
        # The environment of a rule contains only what the rule needs.
        with suppress(PackageNotFoundError):
            versions.append(f"{name} {version(name)}")
    return ", ".join(versions)
