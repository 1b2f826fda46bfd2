"""When and from what a page was built."""

import platform
import subprocess
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

PACKAGES = ("snakemake", "uproot", "keras", "tensorflow-cpu", "scikit-learn", "numpy", "pandas")
ROOT = Path(__file__).resolve().parents[4]


@dataclass(frozen=True)
class Built:
    """Date and commit of a page, and the versions of the packages behind it; commit: "" where the
    workflow is not in a repository.
    """

    date: str
    commit: str = ""
    changed: bool = False
    versions: dict[str, str] = field(default_factory=dict)


def built_now() -> Built:
    """The state of this checkout, now."""
    commit = _git("rev-parse", "--short=12", "HEAD")
    changed = bool(commit and _git("status", "--porcelain", "--untracked-files=no"))
    versions = {"Python": platform.python_version()}
    for package in PACKAGES:
        try:
            versions[package] = version(package)
        except PackageNotFoundError:
            continue
    date = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
    return Built(date, commit, changed, versions)


def _git(*arguments: str) -> str:
    """What a command of git says of this checkout; empty if it is no repository of its own."""
    if not (ROOT / ".git").exists():
        return ""
    try:
        done = subprocess.run(
            ["git", "-C", str(ROOT), *arguments], capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return ""
    return done.stdout.strip()
