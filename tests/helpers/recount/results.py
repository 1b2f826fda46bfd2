"""The scored models of a finished analysis, found in its folder of results."""

import json
from functools import cached_property, lru_cache
from pathlib import Path

import pandas as pd

from helpers.recount.scored import Scored, read_scored, settings_of
from helpers.recount.summary import summary


class Results:
    """Results of one analysis.

    folder: of the checkout; results, reports: of the analysis
    """

    def __init__(self, folder: Path, analysis: str):
        self.folder, self.analysis = folder, analysis
        self.results = folder / "results" / analysis
        self.reports = self.results / "reports"
        self.settings = settings_of(folder, analysis)
        self.judged = lru_cache(None)(self._judged)
        self.summary = lru_cache(None)(self._summary)

    @cached_property
    def trainings(self) -> list[tuple[str, str, int]]:
        """Sample, model and seed of every training, in the order of the analysis."""
        found = []
        for path in (self.results / "tests").glob("*/*/seed*/scores.parquet"):
            sample, model, seed = path.parts[-4:-1]
            found.append((sample, model, int(seed.removeprefix("seed"))))
        samples, models = list(self.settings["samples"]), list(self.settings["models"])
        return sorted(found, key=lambda one: (samples.index(one[0]), models.index(one[1]), one[2]))

    def report(self, sample: str, model: str, name: str) -> Path:
        return self.reports / sample / model / name

    def table(self, sample: str, model: str, seed: int, name: str) -> pd.DataFrame:
        """The rows of a table that are of a seed."""
        table = pd.read_csv(self.report(sample, model, f"{name}.csv"))
        return table[table["seed"] == seed].drop(columns="seed").reset_index(drop=True)

    def metrics(self, sample: str, model: str, seed: int) -> dict:
        written = json.loads(self.report(sample, model, "metrics.json").read_text())
        return written["seeds"][str(seed)]

    def scores(self, sample: str, model: str, seed: int) -> Path:
        return self.results / "tests" / sample / model / f"seed{seed}" / "scores.parquet"

    def _judged(self, sample: str, model: str, seed: int) -> dict[str, Scored]:
        return read_scored(self.scores(sample, model, seed), self.settings)

    def _summary(self, sample: str, model: str, seed: int) -> dict:
        return summary(self.judged(sample, model, seed))

    def of_sample(self, sample: str) -> dict[tuple[str, int], Scored]:
        """Models by name and seed, judged by the labels."""
        return {
            (model, seed): self.judged(own, model, seed)["label"]
            for own, model, seed in self.trainings
            if own == sample
        }

    @property
    def null_tests(self) -> list[str]:
        return [name for name, one in self.settings["samples"].items() if one.get("null_test")]

    @property
    def samples(self) -> list[str]:
        """Samples whose models are compared."""
        return [name for name in self.settings["samples"] if name not in self.null_tests]

    @property
    def run_sheet(self) -> pd.DataFrame:
        return pd.read_csv(self.folder / f"config/runs/{self.analysis}.tsv", sep="\t")
