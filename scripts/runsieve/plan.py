"""What follows from the configuration: which runs, models and settings each step needs.

The rules ask these questions; nothing here knows of Snakemake or of paths in results.
"""

from dataclasses import dataclass
from functools import cached_property
from math import prod
from typing import Any

from runsieve.config.load import Loaded
from runsieve.config.model import inputs_of
from runsieve.config.network import Network
from runsieve.config.run_sheet import Run
from runsieve.expressions import parse
from runsieve.runs.files import run_files

FEW = 8  # numbers, rather than a picture


@dataclass(frozen=True)
class Plan:
    """One analysis as the rules see it; all values that it returns are plain."""

    loaded: Loaded
    data: str

    @property
    def settings(self) -> Any:
        """The analysis' settings."""
        return self.loaded.settings

    @cached_property
    def runs(self) -> dict[int, Run]:
        """Runs that a class takes events from, by number."""
        return {
            run.run: run
            for run in self.loaded.runs
            if any(c.takes(run.run, run.kind) for c in self.settings.classes.values())
        }

    def files(self, run: int) -> list[str]:
        """Raw files of a run: those of the run sheet, or the one that is simulated or ingested."""
        if self.runs[run].simulated or self.runs[run].ingested:
            return [f"{self.data}/{self.loaded.name}/run{run}.root"]
        return run_files(self.runs[run].files, run)

    def input_files(self, run: int, name: str) -> list[str]:
        """Files of a run that hold an input: its own, or a friend's."""
        words = self.settings.inputs[name].files
        if words is None:
            return self.files(run)
        return run_files(words.replace("{run}", str(run)), run)

    def input_columns(self, name: str) -> dict[str, str]:
        """Column: branch or expression, for the event number and the columns of an input."""
        wanted = ("event", *self.settings.inputs[name].columns)
        return {column: self.settings.columns[column] for column in wanted}

    def events(self, run: int) -> int:
        """Triggers to simulate in a run."""
        sheet = self.runs[run]
        return max(1, round(sheet.events * self.settings.simulate.scale.get(sheet.kind, 1.0)))

    def steps(self, run: int) -> dict[str, dict[str, str]]:
        """Class: named cuts, in order, for the classes that take events from a run."""
        kind = self.runs[run].kind
        selection = self.settings.selection
        common = {**selection.precut, **selection.by_kind.get(kind, {})}
        return {
            name: {**common, **({name: one.cut} if one.cut else {})}
            for name, one in self.settings.classes.items()
            if one.takes(run, kind)
        }

    def columns(self, run: int) -> dict[str, str]:
        """Column: branch or expression, for the columns that the cuts of a run or `keep` name."""
        cuts = {cut for steps in self.steps(run).values() for cut in steps.values()}
        wanted = {"event", "run", *self.settings.keep}.union(*(parse(cut).names for cut in cuts))
        return {name: text for name, text in self.settings.columns.items() if name in wanted}

    def displayed_inputs(self) -> dict[str, dict[str, Any]]:
        """Settings of the inputs that are worth a picture of each event: not a few numbers."""
        return {
            name: one.model_dump(mode="json")
            for name, one in self.settings.inputs.items()
            if one.branches and prod(one.shape) > FEW
        }

    def sample(self, name: str) -> dict[str, Any]:
        """Settings of a sample that decide who is in it."""
        return self.settings.samples[name].model_dump(mode="json", exclude={"models", "test_on"})

    def model(self, name: str) -> dict[str, Any]:
        """Settings of a model."""
        return self.settings.models[name].model_dump(mode="json")

    def binning(self) -> dict[str, Any]:
        """Variable and bins of the report, as far as diagnoses need them."""
        return self.settings.report.model_dump(mode="json", include={"variable", "edges"})

    def classes(self, sample: str) -> list[str]:
        """Classes of a sample, in the order of the analysis."""
        chosen = self.settings.samples[sample].classes
        return [name for name in self.settings.classes if chosen is None or name in chosen]

    def titles(self) -> dict[str, str]:
        """Class: name in plots."""
        return {name: one.title or name for name, one in self.settings.classes.items()}

    def sample_runs(self, sample: str) -> list[int]:
        """Runs that a sample takes events from."""
        return [run for run in self.runs if set(self.steps(run)) & set(self.classes(sample))]

    def models(self, sample: str) -> list[str]:
        """Models that are trained and tested on a sample."""
        chosen = self.settings.samples[sample].models
        return [name for name in self.settings.models if chosen is None or name in chosen]

    def is_network(self, model: str) -> bool:
        """True for models that Keras trains."""
        return isinstance(self.settings.models[model], Network)

    def model_inputs(self, model: str) -> list[str]:
        """Names of the inputs that a model sees; none if columns of the event list are enough."""
        return inputs_of(self.settings.models[model])

    def trained(self) -> list[tuple[str, str, int]]:
        """All (sample, model, seed)."""
        return [
            (sample, model, seed)
            for sample in self.settings.samples
            for model in self.models(sample)
            for seed in self.settings.seeds
        ]

    def crossed(self) -> list[tuple[str, str, str]]:
        """All (model, sample trained on, sample tested on), with the own sample of each first.

        Empty unless some sample names others to test on.
        """
        samples = self.settings.samples
        return [
            (model, sample, other)
            for sample in samples
            if samples[sample].test_on
            for model in self.models(sample)
            for other in (sample, *samples[sample].test_on)
        ]

    def card(self, sample: str, model: str, seed: int) -> dict[str, Any]:
        """What the card of a network says of where it comes from."""
        classes = self.classes(sample)
        cuts = {
            run: {name: cuts for name, cuts in self.steps(run).items() if name in classes}
            for run in self.sample_runs(sample)
        }
        return {
            "analysis": self.loaded.name,
            "title": self.settings.title,
            "sample": sample,
            "model": model,
            "seed": seed,
            "cuts": cuts,
            "settings": self.settings.models[model].model_dump(mode="json", exclude_defaults=True),
        }

    def page(self, reports: str, models: str) -> dict[str, Any]:
        """What the page says of the analysis; `reports` and `models` are its folders."""
        settings = self.settings
        return {
            "analysis": self.loaded.name,
            "title": settings.title,
            "description": settings.description,
            "channel_name": settings.channel_name,
            "classes": list(settings.classes),
            "titles": self.titles(),
            "baseline": settings.baseline,
            "oracle": settings.oracle,
            "reports": [
                {
                    "sample": sample,
                    "model": model,
                    "seed": seed,
                    "folder": f"{reports}/{sample}/{model}/seed{seed}",
                    "card": (
                        f"{models}/{sample}/{model}/seed{seed}/card.md"
                        if self.is_network(model)
                        else None
                    ),
                }
                for sample, model, seed in self.trained()
            ],
        }
