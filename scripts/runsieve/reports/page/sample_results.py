"""What the files say of a sample: the evidence for its verdict."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from runsieve.evaluation.merged_bins import merged
from runsieve.reports.page.files import AnalysisFiles, SampleFiles
from runsieve.reports.page.reading import ModelResults, Reader
from runsieve.reports.page.tables import records
from runsieve.reports.page.verdict import Evidence


@dataclass(frozen=True)
class SampleResults:
    """What the files say of a sample; rows: of the comparison that are of it.

    failed, null_tests: null tests of the analysis that fail, and how many there are; noticed: AUC
    from which on all of them notice a difference
    """

    files: SampleFiles
    reader: Reader
    comparison: str
    rows: pd.DataFrame
    models: Sequence[ModelResults]
    failed: Sequence[str]
    null_tests: int
    noticed: float = float("nan")

    @property
    def analysis(self) -> AnalysisFiles:
        """The analysis that the sample is of."""
        return self.models[0].analysis

    @property
    def records(self) -> list[dict[str, Any]]:
        """Rows of the comparison as mappings, best first; `number` is that of the row."""
        rows = records(self.rows.assign(number=self.rows.index))
        return sorted(rows, key=lambda row: -(row["auc_mean"] or 0))

    def model(self, name: str) -> ModelResults:
        """The model of this name."""
        return next(one for one in self.models if one.entry.model == name)

    def true_contamination(self, model: str) -> float | None:
        """Fraction of the background that is like the signal in truth; None if it is not known."""
        return self._of_all_bins[model].get("contamination_true")

    @cached_property
    def _of_all_bins(self) -> dict[str, pd.Series]:
        """The last row of the table of contamination of each model; none without that table."""
        if self.files.contamination is None:
            return {}
        table = self.reader.table(self.files.contamination)
        return {model: part.iloc[-1] for model, part in table.groupby("model")}

    def evidence(self) -> Evidence:
        """What the verdict follows from."""
        return Evidence(
            rows=self.records,
            points={one.entry.model: one.points for one in self.models},
            truth={one.entry.model: one.true_points for one in self.models},
            bins={
                one.entry.model: records(
                    merged(one.rows("efficiency").assign(model=one.entry.model))
                )
                for one in self.models
            },
            events=self.models[0].first["events"],
            fired={
                one.entry.model: {
                    int(seed): metrics["warnings"] for seed, metrics in one.seeds.items()
                }
                for one in self.models
            },
            contamination={
                model: tuple(
                    float(row[f"contamination_estimated{end}"]) for end in ("", "_low", "_high")
                )
                for model, row in self._of_all_bins.items()
            },
            training={
                one.entry.model: tuple(
                    one.rows("overtraining")[["p_holm", "auc_train", "auc_test"]].min()
                )
                for one in self.models
            },
            failed=self.failed,
            oracle=self.analysis.oracle,
            baseline=self.analysis.baseline,
            titles=self.analysis.titles,
            unit=self.analysis.unit,
        )
