"""What the configuration defines for runs: their columns, inputs and cuts."""

from collections.abc import Iterable, Mapping
from math import prod
from pathlib import Path
from typing import Any

from runsieve import layout
from runsieve.code import code_of
from runsieve.config.columns import ComputedColumn, computed_branch
from runsieve.config.conditions import conditions_in, with_conditions
from runsieve.config.friends import branches_of, friends_of
from runsieve.config.inputs import Input
from runsieve.expressions import for_channel, parse_for
from runsieve.ingest.folders import listing
from runsieve.plan.files import FilePlan, for_run
from runsieve.runs.files import local

FEW = 8  # inputs of at most this number of values are neither drawn nor searched for duplicates


class RunPlan(FilePlan):
    """The runs of one analysis, and what is read from them, as plain values and paths."""

    def watched_files(self, run: int) -> list[str]:
        """Files that the columns of a run are read from, as far as Snakemake can watch them."""
        computed = None if self.absence(run) else self.computed_file(run)
        own = [self.files(run), [] if computed is None else [computed]]
        return watched(own, self.selection_friends(run))

    def kind(self, run: int) -> str:
        """Kind of a run."""
        return self.known[run].kind

    def events(self, run: int) -> int:
        """Triggers to simulate in a run."""
        sheet = self.known[run]
        return max(1, round(sheet.events * self.settings.simulate.scale.get(sheet.kind, 1.0)))

    def livetime(self, run: int) -> float | None:
        """Live time of a run in days, of a simulated run at this scale; None if not given."""
        sheet = self.known[run]
        if sheet.livetime is None or not sheet.simulated:
            return sheet.livetime
        return sheet.livetime * self.events(run) / sheet.events

    def ingested(self, run: int) -> str:
        """The folder or .npz file that a run is ingested from."""
        return self.known[run].files

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
        return self.filled(run, self._selecting(run))

    def _selecting(self, run: int) -> dict[str, str]:
        named = self._names(self.cuts(run))
        return self._texts({"event", "run", *self.settings.keep} | named)

    def all_columns(self, run: int) -> dict[str, str]:
        """Branch or expression by column, for all columns of the analysis."""
        return self.filled(run, self._texts(self.settings.columns))

    def input_columns(self, name: str) -> dict[str, str]:
        """Branch or expression by column, for the event number and the columns of an input.

        The conditions of each run are not filled in, see `input_conditions`.
        """
        return self._texts({"event", *self.named_columns(name)})

    def input_conditions(self, run: int, name: str) -> dict[str, str]:
        """Conditions of a run that the columns of an input read, by name."""
        texts, channels = self.input_columns(name).values(), self.settings.channels
        named = {one for text in texts for one in conditions_in(text, channels)}
        return {one: self.known[run].conditions[one] for one in sorted(named)}

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

    def computed_texts(self, run: int) -> dict[str, str]:
        """Branch or expression by column, for the columns that computing others needs."""
        return self.filled(run, self._computing())

    def _computing(self) -> dict[str, str]:
        inputs = [name for one in self.computed.values() for name in one.inputs]
        return self._texts({"event"}.union(*map(self.named_columns, inputs)))

    def computed_sources(self, run: int) -> list[str]:
        """Files that columns are computed from, as far as Snakemake can watch them."""
        own = watched([self.files(run)], self.computed_friends(run))
        return watched([own], self.computed_inputs(run))

    def filled(self, run: int, texts: Mapping[str, str]) -> dict[str, str]:
        """Expressions with the conditions of a run in place of `sheet.NAME`."""
        given, channels = self.known[run].conditions, self.settings.channels
        return {name: with_conditions(text, given, channels) for name, text in texts.items()}

    def _texts(self, wanted: Iterable[str]) -> dict[str, str]:
        """Columns as expressions over branches; a computed one is a branch of the friend tree.

        Friends are found in these, whose conditions are not filled in: parsing the expressions of
        each of thousands of runs would take long.
        """
        return {
            name: computed_branch(name) if isinstance(text, ComputedColumn) else text
            for name, text in self.settings.columns.items()
            if name in wanted
        }

    # Friends

    def selection_friends(self, run: int) -> dict[str, Any]:
        """Friends with columns that the cuts of a run or `keep` name (fields of `FriendFiles`)."""
        return self._friends(run, self._selecting(run).values(), [])

    def input_friends(self, run: int, name: str) -> dict[str, Any]:
        """Friends with branches or columns of an input (fields of `FriendFiles`)."""
        return self._friends(run, self.input_columns(name).values(), [name])

    def computed_friends(self, run: int) -> dict[str, Any]:
        """Friends with branches or columns of inputs of computed columns (see `FriendFiles`)."""
        return self._friends(run, self._computing().values(), self.computed_inputs(run))

    def display_friends(self, run: int) -> dict[str, Any]:
        """Friends with any column, or with branches of inputs that displays show."""
        return self._friends(
            run, self._texts(self.settings.columns).values(), self.displayed_inputs(run)
        )

    def _friend_names(self, texts: Iterable[str], inputs: Iterable[str]) -> set[str]:
        """Names of the friends that columns or the branches of inputs are of."""
        settings = self.settings
        if not settings.friends:
            return set()
        branches = branches_of(texts, settings.channels)
        for name in inputs:
            for text in settings.inputs[name].branches:
                branches |= {for_channel(text, channel) for channel in settings.channels}
        return set(friends_of(branches, settings.friends))

    def _friends(self, run: int, texts: Iterable[str], inputs: Iterable[str]) -> dict[str, Any]:
        """Friends by name that columns or the branches of inputs are of."""
        settings, names = self.settings, self._friend_names(texts, inputs)
        return {
            name: {
                "settings": settings.friends[name].model_dump(mode="json"),
                "files": self._friend_files(run, name),
                "tree": settings.friends[name].tree or settings.tree,
                "event": settings.columns["event"],
            }
            for name in settings.friends
            if name in names
        }

    def _friend_files(self, run: int, name: str) -> list[str]:
        words = self.settings.friends[name].files
        return self.files(run) if words is None else self._files_of(run, for_run(words, run))

    def named_files(self, run: int) -> list[str]:
        """The names of the files of friends of columns, where these have files of their own."""
        computed = self._computing() if self.computed else {}
        inputs = [name for one in self.computed.values() for name in one.inputs]
        names = self._friend_names(self._selecting(run).values(), [])
        names |= self._friend_names(computed.values(), inputs)
        return self._own_files(run, names, inputs)

    def _own_files(self, run: int, friends: Iterable[str], inputs: Iterable[str]) -> list[str]:
        settings = self.settings
        holders = [settings.friends[name] for name in sorted(friends)]
        holders += [settings.inputs[name] for name in inputs]
        return [for_run(one.files, run) for one in holders if one.files is not None]

    # Inputs

    def input_files(self, run: int, name: str) -> list[str]:
        """Files of a run that hold an input: raw files or friend files."""
        words = self.settings.inputs[name].files
        if words is None:
            return self.files(run)
        return self._files_of(run, for_run(words, run))

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
        kind, common = self.kind(run), self.common_cuts(run)
        return {
            name: {**common, **({name: one.cut} if one.cut else {})}
            for name, one in self.settings.classes.items()
            if one.takes(run, kind)
        }

    def common_cuts(self, run: int) -> dict[str, str]:
        """Named cuts of a run that all classes share, in order."""
        selection = self.settings.selection
        return {**selection.precut, **selection.by_kind.get(self.kind(run), {})}

    def columns_to_score(self, run: int, names: Iterable[str]) -> dict[str, str]:
        """Branch or expression by column, for some columns and those of the common cuts."""
        cuts = {*self.common_cuts(run).values(), *([] if self.hit is None else [self.hit])}
        return self.filled(run, self._texts({*names, *self._names(cuts)}))

    def friends_to_score(self, run: int, columns: Mapping[str, str]) -> dict[str, Any]:
        """Friends with some of the columns (fields of `FriendFiles`)."""
        return self._friends(run, columns.values(), [])

    def titles(self) -> dict[str, str]:
        """Names in plots, by class."""
        return {name: one.title or name for name, one in self.settings.classes.items()}


def is_large(one: Input) -> bool:
    """True for an input of branches with more than a few values."""
    return bool(one.branches) and prod(one.shape) > FEW


def watched(files: Iterable[list[str]], others: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """All files without duplicates and without those that Snakemake cannot watch.

    others: inputs and friends by name, with their `files`
    """
    groups = [*files, *(one["files"] for one in others.values())]
    return list(dict.fromkeys(file for group in groups for file in local(group)))
