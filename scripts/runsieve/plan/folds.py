"""What the configuration defines for the folds of samples, which are samples of their own."""

from runsieve import layout
from runsieve.config.sample import Sample
from runsieve.errors import RunsieveError
from runsieve.plan.batches import BatchPlan


class FoldPlan(BatchPlan):
    """The runs of an analysis, and the folds of its samples."""

    def _sample(self, name: str) -> Sample:
        """Settings of a sample; those of the whole sample for a fold."""
        return self.settings.samples[layout.whole(name)]

    def folds(self, sample: str) -> list[str]:
        """The folds of a sample, which are samples of their own; none for a fold."""
        count = self._sample(sample).folds
        if count is None or sample != layout.whole(sample):
            return []
        return [layout.fold(sample, number) for number in range(1, count + 1)]

    def fold(self, sample: str) -> int:
        """Number of a fold that has this name. Raises RunsieveError for one that does not exist."""
        folds = self.folds(layout.whole(sample))
        if sample not in folds:
            raise RunsieveError(
                f"sample {layout.whole(sample)}: there is no {sample}; it has {len(folds)} folds"
            )
        return folds.index(sample) + 1

    def whole_events(self, fold: str) -> str:
        """Events of the sample that a fold is of."""
        return self.path(layout.SAMPLE_EVENTS, sample=layout.whole(fold))

    def of_folds(self, template: str, sample: str, model: str, seed: int) -> list[str]:
        """A file of a model of each fold of a sample."""
        return [
            self.path(template, sample=fold, model=model, seed=seed) for fold in self.folds(sample)
        ]
