"""Copies of the checkout, in which tests run the workflow."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
AUDIT = Path(__file__).parent / "audit"
# What a table of jobs names besides jobs.
TARGETS = ("total", "all", "samples", "arrays", "scores", "picture_scores", "score_reports", "job")
TARGETS += ("tune", "explain")
COPIED = ("Snakefile", "workflow", "rules", "scripts", "config", "envs", "profiles", "report")


@dataclass(frozen=True)
class Checkout:
    """A copy of what a run of the workflow needs."""

    folder: Path

    @property
    def audit(self) -> Path:
        """Where the audit hook of the jobs writes."""
        return self.folder / "undeclared.tsv"

    def undeclared(self) -> list[str]:
        """Rule and path of each file that a job has opened without declaring it as input."""
        return sorted(set(self.audit.read_text().splitlines())) if self.audit.exists() else []

    def snakemake(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess:
        """Run Snakemake there, as a user would; further variables go to its environment."""
        command = [sys.executable, "-m", "snakemake", "--cores", "2", *arguments]
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "PYTHONPATH": str(AUDIT),
            "AUDIT": str(self.audit),
            **variables,
        }
        return subprocess.run(
            command,
            cwd=self.folder,
            env=environment,
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
        )

    def would_run(self, *arguments: str) -> dict[str, int]:
        """Rule: number of jobs that a dry run announces."""
        return self._jobs("--dry-run", *arguments)

    def run(self, *arguments: str) -> dict[str, int]:
        """Rule: number of jobs that have run."""
        return self._jobs(*arguments)

    def _jobs(self, *arguments: str) -> dict[str, int]:
        done = self.snakemake(*arguments)
        assert done.returncode == 0, done.stderr
        lines = (done.stdout + done.stderr).split("Job stats:")
        if len(lines) == 1:
            assert "Nothing to be done" in lines[0]
            return {}
        found = re.findall(r"^(\w+) +(\d+)$", lines[1].split("\n\n")[0], re.M)
        return {rule: int(count) for rule, count in found if rule not in TARGETS}

    def change_analysis(self, name: str, change: Callable[[dict[str, Any]], None]) -> None:
        """Rewrite the file of an analysis."""
        path = self.folder / f"config/analyses/{name}.yaml"
        content = yaml.safe_load(path.read_text())
        change(content)
        path.write_text(yaml.safe_dump(content, sort_keys=False))


def copy_checkout(folder: Path) -> Checkout:
    folder.mkdir()
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, folder / name)
    return Checkout(folder)


def give_livetime(sheet: Path, days: float = 50.0) -> None:
    """Give the runs of kind physics a live time, for rates of background."""
    header, *lines = sheet.read_text().splitlines()
    timed = [f"{line}\t{days if line.split()[1] == 'physics' else ''}" for line in lines]
    sheet.write_text("\n".join([f"{header}\tlivetime", *timed]) + "\n")


def shrink(analysis: dict[str, Any]) -> None:
    """Make the demo of cosine small enough for a test: one sample, one seed, a null test."""
    demo = analysis["demo"]
    demo["seeds"] = [1]
    demo["simulate"]["scale"] = {"calibration": 0.05, "physics": 0.0005}
    demo["samples"]["crystal3"] = {"cross_test": []}
    demo["samples"]["crystal3_matched"] = None
    demo["samples"]["crystal3_pretrigger"] = None
    demo["models"]["cnn"] = demo["models"]["pretrigger"] = None
    demo["models"]["dnn"] = {
        "dense": {"units": [32, 16], "dropout": [0.1, 0.1]},
        "training": {"epochs": 3, "batch_size": 64},
    }
    demo["report"] = {"bootstrap": 50}
