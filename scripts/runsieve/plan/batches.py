"""What the configuration defines for batches: runs of neighbouring numbers that one job selects."""

from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from typing import Any

from runsieve.plan.runs import RunPlan

MINUTES, BYTES_PER_MINUTE = 15, 300e6  # that a selection may take at least, and on slow storage


class BatchPlan(RunPlan):
    """The runs of an analysis, and which of them one job selects."""

    def batch(self, run: int) -> str:
        """Name of the batch of a run: its number, or those of the first and last run it can hold.

        It depends on the number of the run alone, so that other runs stay where they are when some
        are added.
        """
        size = self.settings.runs_per_job
        first = run - run % size
        return str(run) if size == 1 else f"{first}-{first + size - 1}"

    def batches(self, runs: Iterable[int]) -> list[str]:
        """The batches that hold some of the runs, in their order."""
        return list(dict.fromkeys(map(self.batch, runs)))

    @cached_property
    def _runs_by_batch(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for run in self.runs:
            found.setdefault(self.batch(run), []).append(run)
        return found

    def runs_of_batch(self, batch: str) -> list[int]:
        """The runs that are in a batch."""
        return self._runs_by_batch.get(batch, [])

    def of_batches(self, template: str, runs: Iterable[int] | None = None) -> list[str]:
        """A file of every batch, or of those that hold some of the `runs`."""
        batches = self.batches(self.runs if runs is None else runs)
        return [self.path(template, runs=batch) for batch in batches]

    def batch_sources(self, batch: str) -> list[str]:
        """Files that the runs of a batch are selected from, as far as Snakemake can watch them."""
        found = (file for run in self.runs_of_batch(batch) for file in self.watched_files(run))
        return list(dict.fromkeys(found))

    def selection_minutes(self, batch: str) -> int:
        """Time to request for a batch in minutes, from the sizes of its files that are there.

        Snakemake's own `input.size_mb` warns about files that are still to be made.
        """
        found = [Path(file) for file in self.batch_sources(batch)]
        size = sum(one.stat().st_size for one in found if one.is_file())
        return MINUTES + round(size / BYTES_PER_MINUTE)

    def selections(self, batch: str) -> dict[int, dict[str, Any]]:
        """By run of a batch, what is selected from it and how (fields of `Selection`)."""
        return {
            run: {
                "files": self.files(run),
                "checksums": self.checksums(run),
                "computed": self.computed_file(run),
                "friends": self.selection_friends(run),
                "columns": self.columns(run),
                "classes": self.steps(run),
                "absence": self.absence(run),
            }
            for run in self.runs_of_batch(batch)
        }
