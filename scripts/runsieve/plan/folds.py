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

    def judging_folds(self, sample: str) -> list[str]:
        """The folds in which the labels of a cleaned sample are judged, as samples; else none."""
        cleaned = self._sample(sample).cleaned
        if cleaned is None or sample != layout.whole(sample):
            return []
        return [layout.fold(sample, number) for number in range(1, cleaned.folds + 1)]

    def is_cleaned(self, sample: str) -> bool:
        """True for a sample that another one becomes without doubted labels, and for its folds."""
        return self._sample(sample).cleaned is not None

    def origin(self, sample: str) -> str:
        """The sample that the events of a fold or of a cleaned sample are of, with its arrays."""
        cleaned = self._sample(sample).cleaned
        return layout.whole(sample) if cleaned is None else cleaned.of

    def fold(self, sample: str) -> int:
        """Number of a fold that has this name. Raises RunsieveError for one that does not exist."""
        whole = layout.whole(sample)
        folds = self.folds(whole) or self.judging_folds(whole)
        if sample not in folds:
            raise RunsieveError(
                f"sample {layout.whole(sample)}: there is no {sample}; it has {len(folds)} folds"
            )
        return folds.index(sample) + 1

    def origin_events(self, sample: str) -> str:
        """Events of the sample that those of a fold or of a cleaned sample are of."""
        return self.path(layout.SAMPLE_EVENTS, sample=self.origin(sample))

    def of_folds(self, template: str, sample: str, model: str, seed: int) -> list[str]:
        """A file of a model of each fold of a sample."""
        return [
            self.path(template, sample=fold, model=model, seed=seed) for fold in self.folds(sample)
        ]
