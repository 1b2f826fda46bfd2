"""A scored sample with its decisions: what tables and metrics are made from."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from runsieve.config.report import Report
from runsieve.config.working_point import WorkingPoint
from runsieve.evaluation.interpolation import at_target
from runsieve.evaluation.predictions import Predictions
from runsieve.evaluation.working_points import Decision, decisions


@dataclass(frozen=True)
class Evaluated:
    """Scores of a model, the settings of the report, and the decisions made on these scores.

    predictions: events of all splits
    decisions: at each working point, with thresholds that were chosen on validation events
    validation: these events, with the classes by which thresholds were chosen: the labels, also
        where test events are judged by the truth
    """

    predictions: Predictions
    settings: Report
    decisions: list[Decision]
    validation: Predictions

    @classmethod
    def of(
        cls, predictions: Predictions, settings: Report, points: Mapping[str, WorkingPoint]
    ) -> "Evaluated":
        """Choose the thresholds of all working points."""
        found = decisions(points, predictions)
        return cls(predictions, settings, found, predictions.part("validation"))

    @cached_property
    def test(self) -> Predictions:
        """Test events."""
        return self.predictions.part("test")

    @property
    def defined(self) -> list[Decision]:
        """Decisions that validation had events to choose a threshold on."""
        return [one for one in self.decisions if one.defined]

    @property
    def assigning(self) -> list[Decision]:
        """Decisions that assign each event to exactly one class."""
        if self.predictions.binary:
            return self.defined
        return [one for one in self.decisions if one.settings is None]

    def at_target(self, point: WorkingPoint, index: int) -> dict[str, float]:
        """See `interpolation.at_target`; a bootstrap that is asked for again is not done again."""
        key = (point.kind, point.target, index)
        if key not in self._at_target:
            bootstrap = self.settings.bootstrap
            self._at_target[key] = at_target(self.test, point, index, bootstrap)
        return self._at_target[key]

    @cached_property
    def _at_target(self) -> dict[tuple[str, float, int], dict[str, float]]:
        return {}

    @cached_property
    def against_truth(self) -> "Evaluated | None":
        """The same decisions, judged by the simulated process of each event.

        None where the truth is not known, or where a class has no test event by it.
        """
        events = self.predictions.against_truth()
        if events is None:
            return None
        counts = np.bincount(events.part("test").true, minlength=len(events.classes))
        return replace(self, predictions=events) if counts.all() else None
