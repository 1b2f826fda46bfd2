"""Runs and an analysis of a foreign DAQ, to be spoilt and then checked."""

import copy
from pathlib import Path

import uproot
import yaml

from helpers.foreign_runs import ANALYSIS, foreign_events
from helpers.plans import ROOTS
from runsieve.checks.analysis import AnalysisChecked, check_all
from runsieve.config.load import load_analysis, read
from runsieve.models import catalogue
from runsieve.plan.checks import checked
from runsieve.plan.plan import Plan

CATALOGUE = catalogue()
ENTRIES = 300
KINDS = {41: "calibration", 42: "physics"}


class Foreign:
    """Runs and an analysis of a foreign DAQ, to be spoilt."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.settings = copy.deepcopy(ANALYSIS)
        self.files = {}
        self.checksums = {}
        for run, kind in KINDS.items():
            self.write(run, foreign_events(run, ENTRIES, 0.8 if kind == "calibration" else 0.1))

    def write(self, run, branches, tree="ntp", name=None):
        name = name or f"run{run}.root"
        with uproot.recreate(self.folder / name) as file:
            file.mktree(tree, branches)
        self.files[run] = name

    def write_muons(self, run, numbers, times):
        """Write the tree `muons` of a run to a file of its own."""
        with uproot.recreate(self.folder / f"muon{run}.root") as file:
            file.mktree("muons", {"number": numbers, "dt": times})

    def change(self, run, **branches):
        """Write a run with other contents of some branches; None leaves a branch out."""
        content = foreign_events(run, ENTRIES, 0.8 if KINDS[run] == "calibration" else 0.1)
        content |= branches
        self.write(run, {name: one for name, one in content.items() if one is not None})

    def write_configuration(self) -> None:
        lines = [
            f"{run}\t{KINDS.get(run, 'physics')}\t{file}\t{self.checksums.get(run, '')}"
            for run, file in self.files.items()
        ]
        (self.folder / "config/runs").mkdir(parents=True, exist_ok=True)
        (self.folder / "config/analyses").mkdir(exist_ok=True)
        (self.folder / "config/runs/foreign.tsv").write_text(
            "\n".join(["run\tkind\tfiles\tchecksums", *lines]) + "\n"
        )
        path = self.folder / "config/analyses/foreign.yaml"
        path.write_text(yaml.safe_dump(self.settings, sort_keys=False))

    def plan(self) -> Plan:
        self.write_configuration()
        return Plan(load_analysis("foreign", "full", CATALOGUE), ROOTS)

    def check(self, compare_checksums: bool = True) -> AnalysisChecked:
        values = checked(self.plan(), compare_checksums)
        (found,) = check_all([values], self.folder / "results")
        return found

    def check_remainder(self) -> tuple[list[str], AnalysisChecked]:
        """Mistakes in the configuration, and what is found in the files without them."""
        self.write_configuration()
        loaded, mistakes = read({"analyses": ["foreign"], "scale": "full"}, CATALOGUE)
        (found,) = check_all([checked(Plan(loaded["foreign"], ROOTS))], self.folder / "results")
        return mistakes, found
