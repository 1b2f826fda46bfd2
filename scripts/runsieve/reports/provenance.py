"""Provenance: when, from which commit and with which versions results were made."""

import os
import platform
import subprocess
from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

CHECKOUT = Path(__file__).resolve().parents[3]
PACKAGES = (
    "snakemake",
    "numpy",
    "pandas",
    "scipy",
    "uproot",
    "awkward",
    "scikit-learn",
    "matplotlib",
)  # those of networks are facts of their training: see `machines`
SECONDS = 60  # that git may take on a slow file system


def made() -> dict[str, Any]:
    """Date, commit, modified and versions of what this job writes."""
    return {"date": now(), **commit_of(), "versions": versions()}


def now() -> str:
    """Date and time (UTC, ISO 8601) of a job, or that of SOURCE_DATE_EPOCH.

    For reproducible builds: https://reproducible-builds.org/specs/source-date-epoch
    """
    given = os.environ.get("SOURCE_DATE_EPOCH")
    time = datetime.now(UTC) if given is None else datetime.fromtimestamp(int(given), UTC)
    return time.isoformat(timespec="seconds")


def commit_of(folder: Path = CHECKOUT) -> dict[str, Any]:
    """Commit of a checkout, and whether a file that git knows was modified since.

    Both are None where the folder is not the top of a checkout, or git cannot tell.
    """
    top = _git(folder, "rev-parse", "--show-toplevel")
    commit = _git(folder, "rev-parse", "HEAD")
    if not top or not commit or Path(top).resolve() != folder.resolve():
        return {"commit": None, "modified": None}
    changes = _git(folder, "status", "--porcelain", "--untracked-files=no")
    return {"commit": commit, "modified": None if changes is None else bool(changes)}


def versions() -> dict[str, str]:
    """Versions of Python and of the libraries that are installed for this job."""
    found = {"python": platform.python_version()}
    for name in PACKAGES:
        with suppress(PackageNotFoundError):
            found[name] = version(name)
    return found


def machines(trainings: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Machines and versions of trainings (contents of their files), each with their number."""
    counted = Counter(tuple(one["machine"].items()) for one in trainings)
    return [{"trainings": number, **dict(machine)} for machine, number in counted.items()]


def _git(folder: Path, *arguments: str) -> str | None:
    """Output of git; None if it fails or is not installed."""
    command = ["git", "-C", str(folder), *arguments]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip()
