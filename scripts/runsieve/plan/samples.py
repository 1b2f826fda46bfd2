"""What the configuration defines for samples: their classes, runs, and the files to gather."""

import json
from pathlib import Path
from typing import Any

from runsieve import layout
from runsieve.config.sample import run_class
from runsieve.errors import RunsieveError
from runsieve.plan.folds import FoldPlan
from runsieve.plan.runs import is_large, watched


class SamplePlan(FoldPlan):
    """The runs of an analysis, and the samples that are drawn from them."""

    def sample(self, name: str) -> dict[str, Any]:
        """Settings of a sample that decide which events are in it."""
        left_out = {"models", "cross_test", "null_test", "freeze", "learning_curve"}
        return self._sample(name).model_dump(mode="json", exclude=left_out)

    def classes(self, sample: str) -> list[str]:
        """Classes of a sample: of the analysis, in its order, or the runs of one of them."""
        if self._sample(sample).runs_of is not None:
            return [run_class(run) for run in self.drawn_runs(sample)]
        return self._drawn_classes(sample)

    def _drawn_classes(self, sample: str) -> list[str]:
        """Classes of the analysis that a sample takes events from, in the order of the analysis."""
        settings = self._sample(sample)
        chosen = settings.classes if settings.runs_of is None else [settings.runs_of]
        return [name for name in self.settings.classes if chosen is None or name in chosen]

    def sample_titles(self, sample: str) -> dict[str, str]:
        """Names in plots, by class of a sample."""
        if self._sample(sample).runs_of is None:
            return self.titles()
        return {run_class(run): f"run {run}" for run in self.drawn_runs(sample)}

    def matched(self, sample: str) -> bool:
        """True if the classes of a sample are balanced in bins of a column."""
        return self._sample(sample).match is not None

    def sample_runs(self, sample: str) -> list[int]:
        """Runs that a sample takes events from."""
        classes, named = set(self._drawn_classes(sample)), self._sample(sample).runs
        return [
            run
            for run in self.runs
            if (named is None or run in named) and set(self.steps(run)) & classes
        ]

    def drawn_runs(self, sample: str) -> list[int]:
        """Runs that the events of a sample are from: of a frozen one, those that it was drawn from.

        Raises RunsieveError if a frozen sample was never drawn, or if a run is no longer there.
        """
        if not self.is_frozen(sample):
            return self.sample_runs(sample)
        whole = layout.whole(sample)
        files = layout.SAMPLE_EVENTS, layout.DRAWN, layout.SAMPLE_DIGEST
        for path in (self.path(file, sample=whole) for file in files):
            if not Path(path).is_file():
                raise RunsieveError(
                    f"{self.name}: samples.{whole}.freeze: the sample was never drawn, there is no "
                    f"{path}; run `snakemake samples` before it is frozen"
                )
        runs = json.loads(Path(path).read_text(encoding="utf-8"))["runs"]
        lost = [run for run in runs if run not in self.runs]
        if lost:
            raise RunsieveError(
                f"{self.name}: samples.{whole}.freeze: the sample holds events of run {lost[0]}, "
                "of which no class takes events any more; keep the run, or draw the sample anew"
            )
        return runs

    def is_frozen(self, sample: str) -> bool:
        """True if a sample keeps the events that it has."""
        return self._sample(sample).freeze

    def named_runs(self, sample: str) -> list[int]:
        """Runs that a sample takes events from, where its settings name them; else empty."""
        return [] if self._sample(sample).runs is None else self.sample_runs(sample)

    def event_lists(self, sample: str) -> list[str]:
        """Event lists that a sample draws from."""
        return self.of_batches(layout.EVENT_LIST, self.sample_runs(sample))

    def gathered_files(self, sample: str, name: str) -> dict[int, dict[str, Any]]:
        """By run, the files of its columns and of one input of a sample (fields of `RunFiles`).

        Runs that are left out have none.
        """
        computed = self._needs_computed(name)
        return {
            run: {
                "run": self.files(run),
                "input": self.input_files(run, name),
                "kind": self.kind(run),
                "computed": self.computed_file(run) if computed else None,
                "friends": self.input_friends(run, name),
                "conditions": self.input_conditions(run, name),
            }
            for run in self.drawn_runs(sample)
            if not self.absence(run)
        }

    def gathered_sources(self, sample: str, name: str) -> list[str]:
        """Files that an input of a sample is read from, as far as Snakemake can watch them."""
        files = self.gathered_files(sample, name).values()
        parts = [[*one["run"], *one["input"]] for one in files]
        parts += [friend["files"] for one in files for friend in one["friends"].values()]
        computed = [one["computed"] for one in files if one["computed"] is not None]
        return watched([*parts, computed], {})

    def _needs_computed(self, name: str) -> bool:
        return bool(self.named_columns(name) & set(self.computed))

    # Truth

    def truth_arrays(self, sample: str) -> list[str]:
        """The array with the simulated process of each event of a sample, if that is known.

        The truth of the analysis is about its classes, so samples of other classes have none.
        """
        truth = self.settings.truth
        if truth is None or not set(self.classes(sample)) <= set(truth.processes):
            return []
        return [self.path(layout.INPUT, sample=self.origin(sample), input=truth.input)]

    def purity(self, sample: str) -> str | None:
        """The file with the purity of a sample's labels; None where the truth is not known."""
        if not self.truth_arrays(sample):
            return None
        return self.path(layout.PURITY, sample=sample)

    def truth_processes(self) -> dict[str, list[int]]:
        """Numbers of the simulated processes of each class; empty if unknown."""
        return {} if self.settings.truth is None else self.settings.truth.processes

    # What is drawn of events

    def drawn_inputs(self, model: str) -> dict[str, dict[str, Any]]:
        """Settings of the inputs that a model sees and that can be drawn, by name."""
        names, known = self.settings.models[model].inputs_seen(), self.settings.inputs
        seen = {name: known[name] for name in names}
        return {name: one.model_dump(mode="json") for name, one in seen.items() if is_large(one)}

    def drawn_arrays(self, sample: str) -> list[str]:
        """The arrays of the inputs of a sample's models that can be drawn."""
        inputs = dict.fromkeys(
            one for model in self.models(sample) for one in self.drawn_inputs(model)
        )
        return [self.path(layout.INPUT, sample=self.origin(sample), input=one) for one in inputs]

    def doubted_inputs(self, sample: str) -> dict[str, dict[str, Any]]:
        """As `drawn_inputs`, of the model that judges the labels of a cleaned sample."""
        return self.drawn_inputs(self._sample(sample).cleaned.model)

    def doubted_arrays(self, sample: str) -> list[str]:
        """The arrays of `doubted_inputs`."""
        names, origin = self.doubted_inputs(sample), self.origin(sample)
        return [self.path(layout.INPUT, sample=origin, input=name) for name in names]
