"""One analysis as the rules see it: its runs, samples, models and results.

Nothing here depends on Snakemake; paths come from `layout`.
"""

from collections.abc import Iterable
from functools import cached_property
from typing import Any

from runsieve import layout
from runsieve.code import code_of
from runsieve.config.model import ModelSettings
from runsieve.config.shift import Shift
from runsieve.models import NETWORKS, Family, family_of
from runsieve.plan.runs import is_large
from runsieve.plan.used import UsedPlan
from runsieve.reports.about import About

Trained = tuple[str, str, int]  # sample, model, seed


class Plan(UsedPlan):
    """One analysis as the rules see it; its methods return plain values and paths."""

    # Samples

    def livetimes(self, sample: str) -> dict[int, float]:
        """Live time in days of the runs that the background of a sample has a rate in.

        Those of its background class for which the run sheet gives a live time; none for a null
        test, or unless the sample has two classes and the report a variable in bins. A simulated
        run is as much shorter at this scale as it has fewer events.
        """
        classes = self.classes(sample)
        if len(classes) != 2 or self.settings.report.binned is None:
            return {}
        if layout.whole(sample) not in self.compared():
            return {}
        return {
            run: self.livetime(run)
            for run in self.sample_runs(sample)
            if classes[1] in self.steps(run) and self.runs[run].livetime is not None
        }

    def masses(self, sample: str) -> dict[int, float]:
        """Mass in kg by channel of a sample; empty if the analysis gives none."""
        channels = self._sample(sample).channels or self.settings.channels
        masses = self.settings.masses
        return {channel: masses[channel] for channel in channels if channel in masses}

    def rates(self, sample: str, model: str) -> str | None:
        """The file with the rates of background; None where no live time is given."""
        if not self.livetimes(sample):
            return None
        return self.path(layout.RATES, sample=sample, model=model)

    def named_files(self, run: int) -> list[str]:
        """As in the runs, and those of the inputs that are gathered for the samples of a run."""
        names = sorted(self._gathered.get(run, ()))
        friends = {
            friend
            for name in names
            for friend in self._friend_names(self.input_columns(name).values(), [name])
        }
        found = [*super().named_files(run), *self._own_files(run, friends, names)]
        return list(dict.fromkeys(found))

    @cached_property
    def _gathered(self) -> dict[int, set[str]]:
        """Inputs by run that are gathered of its events."""
        settings, found = self.settings, {}
        for sample in settings.samples:
            seen = {
                one for name in self.models(sample) for one in settings.models[name].inputs_seen()
            }
            seen |= set() if settings.truth is None else {settings.truth.input}
            for run in self.sample_runs(sample):
                found.setdefault(run, set()).update(seen & set(settings.inputs))
        return found

    # Models

    def model(self, name: str) -> dict[str, Any]:
        """Settings of a model that decide how it is fitted."""
        return self.settings.models[name].model_dump(mode="json", exclude={"seeds"})

    def family(self, model: str) -> Family:
        """The family that a model belongs to."""
        return family_of(self.settings.models[model])

    def is_network(self, model: str) -> bool:
        """True for models that Keras trains."""
        return self.family(model) is NETWORKS

    def model_file(self, sample: str, model: str, seed: int) -> str:
        """The file of a fitted model."""
        return self.path(self.family(model).file, sample=sample, model=model, seed=seed)

    def cross_test_file(self, sample: str, model: str, tested: str, seed: int) -> str:
        """The file of the fitted model that is tested on another sample.

        It is fitted to `sample`, or to `tested` if its fit holds for its own sample only.
        """
        bound = self.settings.models[model].bound_to_sample
        return self.model_file(tested if bound else sample, model, seed)

    def user_files(self, model: str) -> list[str]:
        """User-supplied Python files that a model runs."""
        return self.settings.models[model].user_files()

    def fitting_code(self, script: str, model: str) -> str:
        """Fingerprint of all code that the fit of a model depends on."""
        settings = self.settings.models[model]
        sources = self.family(model).fitting_sources(settings)
        return code_of([script, *sources], settings.user_files())

    def scoring_code(self, script: str, model: str) -> str:
        """Fingerprint of all code that the scores of a model depend on."""
        settings = self.settings.models[model]
        sources = self.family(model).scoring_sources(settings)
        return code_of([script, *sources], settings.user_files())

    def pulses(self, model: str) -> dict[str, dict[str, Any]]:
        """By input of a model, what turns its raw values into pulses (fields of `Pulse`)."""
        names = self.settings.models[model].inputs_seen()
        return {name: self.settings.inputs[name].pulse.model_dump(mode="json") for name in names}

    def gallery_inputs(self, sample: str) -> dict[str, dict[str, Any]]:
        """Of the models of a sample that see what can be drawn, the settings of those inputs.

        The gallery of a sample is that of the best of them. A sample of a null test has none.
        """
        names = [name for name in self.models(sample) if name != self.settings.oracle]
        seen = {name: self.drawn_inputs(name) for name in names if sample in self.compared()}
        return {name: inputs for name, inputs in seen.items() if inputs}

    def gallery_scores(self, sample: str) -> list[str]:
        """Scores, with the first seed, of the models of `gallery_inputs`, in their order."""
        return [self._first(layout.SCORES, sample, model) for model in self.gallery_inputs(sample)]

    def compared_arrays(self, sample: str) -> list[str]:
        """Arrays of a sample's models with so many values that events are not equal by chance."""
        models = [self.settings.models[name] for name in self.models(sample)]
        seen = dict.fromkeys(name for model in models for name in model.inputs_seen())
        names = [name for name in seen if is_large(self.settings.inputs[name])]
        return [self.path(layout.INPUT, sample=self.origin(sample), input=name) for name in names]

    def contaminated(self, sample: str) -> bool:
        """True if the contamination of the second class of a sample is to be estimated.

        With folds it is not: the estimate needs one model for all events.
        """
        contaminated = self.classes(sample)[1:] == [self.settings.report.contaminated]
        return contaminated and sample in self.compared() and not self.folds(sample)

    def seeds(self, sample: str, model: str) -> list[int]:
        """Seeds that a model is trained with on a sample: the first ones.

        Only one if the model ignores it, and for a null test.
        """
        seeds, settings = self.settings.seeds, self.settings.models[model]
        single = self._sample(sample).null_test or not settings.seeded
        return seeds[:1] if single else seeds[: settings.seeds]

    def trainings(self, sample: str) -> list[tuple[str, int]]:
        """All combinations (model, seed) that are trained on a sample."""
        return [
            (model, seed) for model in self.models(sample) for seed in self.seeds(sample, model)
        ]

    def compared(self) -> list[str]:
        """Samples on which models are compared: all but null tests."""
        return [name for name, sample in self.settings.samples.items() if not sample.null_test]

    def compared_models(self) -> list[tuple[str, str]]:
        """Combinations (sample, model), but for null tests."""
        return [(sample, model) for sample in self.compared() for model in self.models(sample)]

    def null_tests(self) -> list[Trained]:
        """Combinations (sample, model, first seed) that are trained for null tests."""
        return [
            (sample, model, self.settings.seeds[0])
            for sample, settings in self.settings.samples.items()
            if settings.null_test
            for model in self.models(sample)
        ]

    def null_test_names(self) -> dict[str, dict[str, Any]]:
        """By sample with a null test: classes, their titles, and whose runs they are, if runs."""
        titles = self.titles()
        return {
            name: {
                "classes": self.classes(name),
                "titles": self.sample_titles(name),
                "runs_of": titles.get(settings.runs_of),
            }
            for name, settings in self.settings.samples.items()
            if settings.null_test
        }

    def shifts(self, sample: str, model: str) -> dict[str, dict[str, Any]]:
        """Shifts by name that change what a model of a sample sees (fields of `AppliedShift`).

        None with folds, where several models test the events.
        """
        if self.folds(sample):
            return {}
        return {
            name: applied
            for name, shift in self.settings.shifts.items()
            if sample in (self.compared() if shift.samples is None else shift.samples)
            if (applied := self._applied(shift, self.settings.models[model])) is not None
        }

    def shift_titles(self) -> dict[str, str]:
        """Each shift in words, by its name; the name is added where several are called alike."""
        titles = {}
        for name, shift in self.settings.shifts.items():
            axes = [self.settings.inputs[one].axes for one in shift.inputs[:1]]
            # Shifts change the values of the files, which are counts where they have another unit.
            units = [one.unit if one.unit_per_count == 1 else "counts" for one in axes]
            titles[name] = shift.title("".join(units))
        said = list(titles.values())
        return {
            name: title if said.count(title) == 1 else f"{title} ({name})"
            for name, title in titles.items()
        }

    def shifted(self) -> list[tuple[str, str]]:
        """Combinations (sample, model) that are scored with shifted events."""
        return [pair for pair in self.compared_models() if self.shifts(*pair)]

    def _applied(self, shift: Shift, model: ModelSettings) -> dict[str, Any] | None:
        """A shift and what it needs of the inputs; None if the model sees none of it."""
        seen = model.inputs_seen()
        places = {
            name: self.settings.inputs[name].columns.index(shift.column)
            for name in seen
            if shift.column in self.settings.inputs[name].columns
        }
        columns = {column for some in model.columns_seen().values() for column in some}
        if not places and shift.column not in columns and not set(shift.inputs) & set(seen):
            return None
        return {
            "settings": shift.model_dump(mode="json"),
            "places": places,
            "pulses": {
                name: self.settings.inputs[name].pulse.model_dump(mode="json")
                for name in shift.inputs
            },
        }

    def cross_tests(self) -> list[tuple[str, str, str]]:
        """All (model, sample trained on, sample tested on), own sample first.

        Empty unless a sample has cross tests.
        """
        samples = self.settings.samples
        return [
            (model, sample, tested)
            for sample in samples
            if samples[sample].cross_test
            for model in self.models(sample)
            for tested in (sample, *samples[sample].cross_test)
        ]

    # Results

    def of_compared(self, template: str) -> list[str]:
        """A file of every model that is compared, in the order of `compared_models`."""
        return [self._first(template, sample, model) for sample, model in self.compared_models()]

    def of_seeds(self, template: str, sample: str, model: str) -> list[str]:
        """A file of a model with each of its seeds."""
        return self.of(template, [(sample, model, seed) for seed in self.seeds(sample, model)])

    def of_null_tests(self, template: str) -> list[str]:
        """A file of every model of a null test, in the order of `null_tests`."""
        return self.of(template, self.null_tests())

    def of_shifted(self, template: str) -> list[str]:
        """A file of every shifted model, with the first seed, in the order of `shifted`."""
        return [self._first(template, sample, model) for sample, model in self.shifted()]

    def of(self, template: str, trained: Iterable[Trained]) -> list[str]:
        """A file of each training."""
        return [
            self.path(template, sample=sample, model=model, seed=seed)
            for sample, model, seed in trained
        ]

    def of_trainings(self, template: str, sample: str) -> list[str]:
        """A file of every model trained on a sample, in the order of `trainings`."""
        return self.of(template, [(sample, *training) for training in self.trainings(sample)])

    def of_samples(self, template: str) -> list[str]:
        """A file of every sample on which models are compared."""
        return [self.path(template, sample=sample) for sample in self.compared()]

    def of_sample(self, template: str, sample: str) -> list[str]:
        """A file of every model of a sample, with the first seed."""
        return [self._first(template, sample, model) for model in self.models(sample)]

    def cross_test_scores(self) -> list[str]:
        """Scores of the models on other samples and their own, in the order of `cross_tests`."""
        return [
            self._first(layout.SCORES, sample, model)
            if tested == sample
            else layout.fill(self._first(layout.CROSS_TEST_SCORES, sample, model), tested=tested)
            for model, sample, tested in self.cross_tests()
        ]

    def diagnoses(self, sample: str, model: str) -> dict[int, list[str]]:
        """The diagnoses that a report quotes, by seed: of a network, unless it is for a null test.

        One, or one of each fold.

        Diagnoses warn of a network that is no better than guessing, as it should be there.
        """
        if not self.is_network(model) or self._sample(sample).null_test:
            return {seed: [] for seed in self.seeds(sample, model)}
        parts = self.folds(sample) or [sample]
        return {
            seed: self.of(layout.DIAGNOSIS, [(part, model, seed) for part in parts])
            for seed in self.seeds(sample, model)
        }

    def of_drawn(self, template: str, sample: str, model: str) -> str:
        """A file of the training that is drawn: with the first seed, of the first fold."""
        part = next(iter(self.folds(sample)), sample)
        return self._first(template, part, model)

    def working_points(self) -> dict[str, dict[str, Any]]:
        """Settings of the working points, by name."""
        return {
            name: one.model_dump(mode="json", exclude_none=True)
            for name, one in self.settings.working_points.items()
        }

    def binning(self) -> dict[str, Any]:
        """Variable and bins of the report, as far as diagnoses need them."""
        return self.settings.report.model_dump(mode="json", include={"variable", "edges"})

    def axis(self) -> dict[str, Any]:
        """Variable, bins, name and unit of the report's variable."""
        keys = {"variable", "edges", "label", "unit"}
        return self.settings.report.model_dump(mode="json", include=keys)

    def about(self, sample: str, model: str, seed: int) -> dict[str, Any]:
        """Provenance of a model, for its card."""
        classes, runs = self._drawn_classes(sample), self.drawn_runs(sample)
        frozen = self.is_frozen(sample)  # then cuts may be other ones by now
        cuts = {
            run: {name: cuts for name, cuts in self.steps(run).items() if name in classes}
            for run in ([] if frozen else runs)
        }
        settings = self.settings.models[model]
        inputs = {
            name: self.settings.inputs[name].model_dump(mode="json", exclude_defaults=True)
            for name in settings.inputs_seen()
        }
        return About(
            analysis=self.name,
            title=self.settings.title,
            titles=self.titles() | self.sample_titles(sample),
            sample=sample,
            model=model,
            seed=seed,
            cuts=cuts,
            settings=settings.model_dump(mode="json", exclude_none=True, exclude={"seeds"}),
            inputs=inputs,
            checksums=self.given_checksums(runs),
            frozen=frozen,
            named_runs=self.named_runs(sample),
        ).model_dump(mode="json")

    def _first(self, template: str, sample: str, model: str) -> str:
        return self.path(template, sample=sample, model=model, seed=self.settings.seeds[0])
