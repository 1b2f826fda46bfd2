"""What is used of samples: columns of their events, arrays, and the digests of both."""

from collections.abc import Iterable

from runsieve import layout
from runsieve.plan.samples import SamplePlan


class UsedPlan(SamplePlan):
    """The samples of an analysis, and what its models and reports use of them."""

    def models(self, sample: str) -> list[str]:
        """Models that are trained and tested on a sample."""
        return self.settings.models_of(self._sample(sample))

    # Columns

    def seen_columns(self, model: str) -> list[str]:
        """Columns of the events that a model sees; not those that it sees as an input."""
        seen = self.settings.models[model].columns_seen().values()
        return list(dict.fromkeys(column for columns in seen for column in columns))

    def reported_columns(self) -> list[str]:
        """The column that reports are binned in, if there is one."""
        variable = self.settings.report.variable
        return [] if variable is None else [variable]

    def scored_columns(self, model: str) -> list[str]:
        """Columns that the scores of a model depend on, or that stand beside them."""
        return list(dict.fromkeys([*self.seen_columns(model), *self.reported_columns()]))

    def digests(self, sample: str, columns: Iterable[str] = ()) -> list[str]:
        """Digests of the events of a sample and of columns; a fold has those of its sample."""
        origin = self.origin(sample)
        return [
            self.path(layout.SAMPLE_DIGEST, sample=sample),
            *(self.path(layout.COLUMN_DIGEST, sample=origin, column=column) for column in columns),
        ]

    def all_digests(self) -> list[str]:
        """Digests of all samples, of their folds and of the columns that something uses."""
        found = []
        for sample in self.settings.samples:
            columns = [one for model in self.models(sample) for one in self.scored_columns(model)]
            found += self.digests(sample, dict.fromkeys(columns))
            found += [one for fold in self.folds(sample) for one in self.digests(fold)]
        return found

    # Arrays

    def arrays(self, sample: str, model: str) -> list[str]:
        """The arrays of a sample that a model sees, if it sees any."""
        names = self.settings.models[model].inputs_seen()
        origin = self.origin(sample)
        return [self.path(layout.INPUT, sample=origin, input=name) for name in names]

    def all_arrays(self) -> list[str]:
        """The arrays of all samples that models see or that tell the truth."""
        samples = self.settings.samples
        found = [
            array
            for sample in samples
            for model in self.models(sample)
            for array in self.arrays(sample, model)
        ]
        found += [array for sample in samples for array in self.truth_arrays(sample)]
        return list(dict.fromkeys(found))
