"""What the configuration defines for runs: their files, columns, inputs and cuts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from math import prod
from pathlib import Path
from typing import Any

from runsieve import layout
from runsieve.code import code_of
from runsieve.config.analysis import Analysis
from runsieve.config.columns import ComputedColumn, computed_branch
from runsieve.config.friends import branches_of, friends_of
from runsieve.config.inputs import Input
from runsieve.config.load import RUNS, Loaded
from runsieve.config.run_sheet import Run
from runsieve.errors import RunsieveError
from runsieve.expressions import for_channel, parse_for
from runsieve.ingest.folders import listing
from runsieve.runs.files import checksums_of, local, repeated_files, run_files

FEW = 8  # inputs of at most this number of values are neither drawn nor searched for duplicates


@dataclass(frozen=True)
class RunPlan:
    """The runs of one analysis, and what is read from them; methods return plain values and paths.

    roots: the folders that replace <data> and <results> in the paths of `layout`
    """

    loaded: Loaded
    roots: Mapping[str, str]

    @property
    def name(self) -> str:
        """Name of the analysis."""
        return self.loaded.name

    @property
    def settings(self) -> Analysis:
        """Settings of the analysis."""
        return self.loaded.settings

    def path(self, template: str, **wildcards: object) -> str:
        """A path of the analysis from its template in `layout`."""
        for root, folder in self.roots.items():
            template = template.replace(f"<{root}>", folder)
        return layout.fill(template, **{"analysis": self.name, **wildcards})

    # Runs

    @cached_property
    def runs(self) -> dict[int, Run]:
        """Runs that a class takes events from, by number."""
        return {
            run.run: run
            for run in sorted(self.loaded.runs, key=lambda run: run.run)
            if any(c.takes(run.run, run.kind) for c in self.settings.classes.values())
            or self.loaded.lacks("classes")  # any class could take it
        }

    def simulated(self) -> bool:
        """True if every run is simulated, so that no detector recorded any event."""
        return all(run.simulated for run in self.runs.values())

    def files(self, run: int) -> list[str]:
        """Raw files of a run: those of the run sheet, or the one that is simulated or ingested."""
        if self.runs[run].simulated or self.runs[run].ingested:
            return [self.path(layout.RAW_RUN, run=run)]
        return run_files(self.runs[run].files, run)

    def checksums(self, run: int) -> list[str]:
        """Checksums of the raw files of a run, in their order; empty if none are given."""
        return checksums_of(run, self.files(run), self.runs[run].checksums)

    def given_checksums(self, runs: Iterable[int]) -> dict[int, dict[str, str]]:
        """Checksums by run and raw file, of those of some runs for which any are given."""
        return {
            run: dict(zip(self.files(run), self.checksums(run), strict=True))
            for run in runs
            if self.runs[run].checksums
        }

    def repeated_files(self) -> list[tuple[int, str]]:
        """What the run sheet lists twice, in one run or in two: the run and a sentence.

        Files that cannot be found are left to the rules that read them.
        """
        files = {}
        for run in self.runs:
            try:
                files[run] = self._sources(run)
            except RunsieveError:
                continue
        place = self.settings.runs or RUNS / f"{self.name}.tsv"
        return [(run, f"{place}: {sentence}") for run, sentence in repeated_files(files)]

    def _sources(self, run: int) -> list[str]:
        """What a run is made from; an .npz file may hold one for each kind."""
        sheet = self.runs[run]
        if not sheet.ingested:
            return self.files(run)
        if Path(sheet.files).is_dir() or self.settings.ingest is None:
            return [sheet.files]
        return [f"{sheet.files}: {self.settings.ingest.arrays[sheet.kind].images}"]

    def watched_files(self, run: int) -> list[str]:
        """Files that the columns of a run are read from, as far as Snakemake can watch them."""
        computed = self.computed_file(run)
        own = [self.files(run), [] if computed is None else [computed]]
        return watched(own, self.selection_friends(run))

    def kind(self, run: int) -> str:
        """Kind of a run."""
        return self.runs[run].kind

    def events(self, run: int) -> int:
        """Triggers to simulate in a run."""
        sheet = self.runs[run]
        return max(1, round(sheet.events * self.settings.simulate.scale.get(sheet.kind, 1.0)))

    def livetime(self, run: int) -> float | None:
        """Live time of a run in days, of a simulated run at this scale; None if not given."""
        sheet = self.runs[run]
        if sheet.livetime is None or not sheet.simulated:
            return sheet.livetime
        return sheet.livetime * self.events(run) / sheet.events

    def ingested(self, run: int) -> str:
        """The folder or .npz file that a run is ingested from."""
        return self.runs[run].files

    def packed_pictures(self, run: int) -> list[str]:
        """The .npz file that a run is ingested from; empty for a folder (see `picture_listing`)."""
        return [] if Path(self.ingested(run)).is_dir() else [self.ingested(run)]

    def picture_listing(self, run: int) -> str:
        """Hash of the names and sizes of the pictures in a folder."""
        folder = Path(self.ingested(run))
        return listing(folder) if folder.is_dir() else ""

    # Columns

    def columns(self, run: int) -> dict[str, str]:
        """Branch or expression by column, for columns named by the cuts of a run or by `keep`."""
        named = self._names(self.cuts(run))
        return self._texts({"event", "run", *self.settings.keep} | named)

    def all_columns(self) -> dict[str, str]:
        """Branch or expression by column, for all columns of the analysis."""
        return self._texts(self.settings.columns)

    def input_columns(self, name: str) -> dict[str, str]:
        """Branch or expression by column, for the event number and the columns of an input."""
        return self._texts({"event", *self.named_columns(name)})

    def named_columns(self, name: str, run: int | None = None) -> set[str]:
        """Columns that an input consists of, or that decide its window or baseline, in a run."""
        one = self.settings.inputs[name]
        one = one if run is None else one.of_kind(self.kind(run))
        return {*one.columns, *self._names(one.expressions().values())}

    def _names(self, texts: Iterable[str]) -> set[str]:
        """Names of columns in expressions, in all channels."""
        return {
            name
            for text in texts
            for channel in self.settings.channels
            for name in parse_for(text, channel).names
        }

    @property
    def computed(self) -> dict[str, ComputedColumn]:
        """Columns that a user-supplied file computes."""
        columns = self.settings.columns.items()
        return {name: one for name, one in columns if isinstance(one, ComputedColumn)}

    def computed_file(self, run: int) -> str | None:
        """The file with the computed columns of a run; None if there are none."""
        return self.path(layout.COMPUTED_COLUMNS, run=run) if self.computed else None

    def computed_settings(self) -> dict[str, Any]:
        """Settings of the computed columns."""
        return {name: one.model_dump(mode="json") for name, one in self.computed.items()}

    def computed_code(self) -> str:
        """Fingerprint of the script and the user-supplied files that compute columns."""
        return code_of(["compute_columns.py"], [one.file for one in self.computed.values()])

    def computed_inputs(self, run: int) -> dict[str, Any]:
        """Settings, files and tree by input, for the inputs that columns are computed from."""
        names = [name for one in self.computed.values() for name in one.inputs]
        return {name: self._input(run, name) for name in dict.fromkeys(names)}

    def computed_texts(self) -> dict[str, str]:
        """Branch or expression by column, for the columns that computing others needs."""
        inputs = [name for one in self.computed.values() for name in one.inputs]
        return self._texts({"event"}.union(*map(self.named_columns, inputs)))

    def computed_sources(self, run: int) -> list[str]:
        """Files that columns are computed from, as far as Snakemake can watch them."""
        own = watched([self.files(run)], self.computed_friends(run))
        return watched([own], self.computed_inputs(run))

    def _texts(self, wanted: Iterable[str]) -> dict[str, str]:
        """Columns as expressions over branches; a computed one is a branch of the friend tree."""
        return {
            name: computed_branch(name) if isinstance(text, ComputedColumn) else text
            for name, text in self.settings.columns.items()
            if name in wanted
        }

    # Friends

    def selection_friends(self, run: int) -> dict[str, Any]:
        """Friends with columns that the cuts of a run or `keep` name (fields of `FriendFiles`)."""
        return self._friends(run, self.columns(run).values(), [])

    def input_friends(self, run: int, name: str) -> dict[str, Any]:
        """Friends with branches or columns of an input (fields of `FriendFiles`)."""
        return self._friends(run, self.input_columns(name).values(), [name])

    def computed_friends(self, run: int) -> dict[str, Any]:
        """Friends with branches or columns of inputs of computed columns (see `FriendFiles`)."""
        return self._friends(run, self.computed_texts().values(), self.computed_inputs(run))

    def display_friends(self, run: int) -> dict[str, Any]:
        """Friends with any column, or with branches of inputs that displays show."""
        return self._friends(run, self.all_columns().values(), self.displayed_inputs(run))

    def _friends(self, run: int, texts: Iterable[str], inputs: Iterable[str]) -> dict[str, Any]:
        """Friends by name that columns or the branches of inputs are of."""
        settings = self.settings
        branches = branches_of(texts, settings.channels) if settings.friends else set()
        for name in inputs:
            for text in settings.inputs[name].branches:
                branches |= {for_channel(text, channel) for channel in settings.channels}
        return {
            name: {
                "settings": settings.friends[name].model_dump(mode="json"),
                "files": self._friend_files(run, name),
                "tree": settings.friends[name].tree or settings.tree,
                "event": settings.columns["event"],
            }
            for name in friends_of(branches, settings.friends)
        }

    def _friend_files(self, run: int, name: str) -> list[str]:
        words = self.settings.friends[name].files
        return self.files(run) if words is None else run_files(for_run(words, run), run)

    # Inputs

    def input_files(self, run: int, name: str) -> list[str]:
        """Files of a run that hold an input: raw files or friend files."""
        words = self.settings.inputs[name].files
        if words is None:
            return self.files(run)
        return run_files(for_run(words, run), run)

    def input(self, name: str) -> dict[str, Any]:
        """Settings of an input that decide what is read."""
        return self.settings.inputs[name].as_read()

    def input_of(self, run: int, name: str) -> dict[str, Any]:
        """Settings of an input that decide what is read of a run."""
        return self.settings.inputs[name].of_kind(self.kind(run)).as_read()

    def displayed_inputs(self, run: int) -> dict[str, Any]:
        """Settings, files and tree by input, for inputs of branches with more than a few values."""
        return {
            name: {
                **self._input(run, name),
                "settings": one.of_kind(self.kind(run)).model_dump(mode="json"),
            }
            for name, one in self.settings.inputs.items()
            if is_large(one)
        }

    def display_sources(self, run: int) -> list[str]:
        """Files that a display is drawn from, as far as Snakemake can watch them."""
        own = watched([self.watched_files(run)], self.display_friends(run))
        return watched([own], self.displayed_inputs(run))

    def _input(self, run: int, name: str) -> dict[str, Any]:
        settings = self.settings.inputs[name]
        return {
            "settings": self.input_of(run, name),
            "files": self.input_files(run, name),
            "tree": settings.tree or self.settings.tree,
        }

    # Selection

    def cuts(self, run: int) -> set[str]:
        """All expressions that decide which events of a run are selected."""
        hit = set() if self.hit is None else {self.hit}
        return hit | {cut for steps in self.steps(run).values() for cut in steps.values()}

    @property
    def hit(self) -> str | None:
        """What holds in a channel that was hit; None if every channel counts."""
        return self.settings.selection.hit

    def steps(self, run: int) -> dict[str, dict[str, str]]:
        """Named cuts in order, by class, for the classes that take events from a run."""
        kind = self.runs[run].kind
        selection = self.settings.selection
        common = {**selection.precut, **selection.by_kind.get(kind, {})}
        return {
            name: {**common, **({name: one.cut} if one.cut else {})}
            for name, one in self.settings.classes.items()
            if one.takes(run, kind)
        }

    def of_runs(self, template: str) -> list[str]:
        """A file of every run."""
        return [self.path(template, run=run) for run in self.runs]

    def titles(self) -> dict[str, str]:
        """Names in plots, by class."""
        return {name: one.title or name for name, one in self.settings.classes.items()}


def for_run(words: str, run: int) -> str:
    """Replace `{run}` by the run number."""
    return words.replace("{run}", str(run))


def is_large(one: Input) -> bool:
    """True for an input of branches with more than a few values."""
    return bool(one.branches) and prod(one.shape) > FEW


def watched(files: Iterable[list[str]], others: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """All files without duplicates and without those that Snakemake cannot watch.

    others: inputs and friends by name, with their `files`
    """
    groups = [*files, *(one["files"] for one in others.values())]
    return list(dict.fromkeys(file for group in groups for file in local(group)))
