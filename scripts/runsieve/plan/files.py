"""What the configuration defines for the files of runs: where they are, and which are missing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from runsieve import layout
from runsieve.config.analysis import Analysis
from runsieve.config.load import Loaded
from runsieve.config.run_sheet import Run
from runsieve.errors import RunsieveError
from runsieve.runs.files import checksums_of, repeated_files, run_files
from runsieve.runs.folders import Folders


@dataclass(frozen=True)
class FilePlan:
    """The runs of one analysis and their files; methods return plain values and paths.

    roots: the folders that replace <data> and <results> in the paths of `layout`
    folders: where files are looked for; several plans can share them, so that each is listed once
    """

    loaded: Loaded
    roots: Mapping[str, str]
    folders: Folders = field(default_factory=Folders, compare=False)

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
        """Runs that a class takes events from, by number, in increasing order."""
        return {
            run.run: run
            for run in sorted(self.loaded.runs, key=lambda one: one.run)
            if any(c.takes(run.run, run.kind) for c in self.settings.classes.values())
            or self.loaded.lacks("classes")  # any class could take it
        }

    @cached_property
    def known(self) -> dict[int, Run]:
        """All runs by number: also those of the sheet of scored runs, and those of no class."""
        return {run.run: run for run in [*self.loaded.scored.others, *self.loaded.runs]}

    @property
    def sheet(self) -> str:
        """Path of the run sheet."""
        return self.settings.runs or str(self.loaded.places.sheet(self.name))

    def simulated(self) -> bool:
        """True if every run is simulated, so that no detector recorded any event."""
        return all(run.simulated for run in self.runs.values())

    # Files

    @cached_property
    def _written(self) -> dict[int, bool]:
        return {}

    def written(self, run: int) -> bool:
        """True for a run that a rule writes, because it is simulated or ingested."""
        if run not in self._written:
            sheet = self.known[run]
            self._written[run] = sheet.simulated or sheet.ingested
        return self._written[run]

    @cached_property
    def _found(self) -> dict[tuple[int, str], list[str]]:
        return {}

    def _files_of(self, run: int, words: str) -> list[str]:
        """Files of a run by their names in the configuration; none of a run that is left out."""
        return [] if self.absence(run) else list(self._look_up(run, words))

    def _look_up(self, run: int, words: str) -> list[str]:
        if (run, words) not in self._found:
            self._found[run, words] = run_files(words, run, self.folders)
        return self._found[run, words]

    def files(self, run: int) -> list[str]:
        """Raw files of a run: those of the run sheet, or the one that is simulated or ingested."""
        if self.written(run):
            return [] if self.absence(run) else [self.path(layout.RAW_RUN, run=run)]
        return self._files_of(run, self.known[run].files)

    def named_files(self, run: int) -> list[str]:
        """The names, in the configuration, of files that jobs read of a run besides `files`."""
        return []

    @cached_property
    def _missing(self) -> dict[int, str]:
        return {}

    def missing(self, run: int) -> str:
        """A sentence that says which file of a run is not there; empty if all are.

        Also for a run with more or fewer files than checksums.
        """
        if run not in self._missing:
            try:
                self._look_for(run)
                self._missing[run] = ""
            except RunsieveError as error:
                self._missing[run] = str(error)
        return self._missing[run]

    def _look_for(self, run: int) -> None:
        sheet = self.known[run]
        self._checksums(run)
        if sheet.ingested and not Path(sheet.files).exists():
            raise RunsieveError(f"run {run}: no pictures '{sheet.files}' (named in the run sheet)")
        for words in self.named_files(run):
            self._look_up(run, words)

    def absence(self, run: int) -> str:
        """Why a run is left out: `missing`, where missing runs are skipped; else empty."""
        return self.missing(run) if self.skips_runs else ""

    @property
    def skips_runs(self) -> bool:
        """True if runs with missing or damaged files are left out."""
        return self.settings.missing_runs == "skip"

    def cutflow_of_skipped(self) -> list[str]:
        """The cut flow of all runs, which says what was left out, if anything can be."""
        return [self.path(layout.CUTFLOW)] if self.skips_runs else []

    def checksums(self, run: int) -> list[str]:
        """Checksums of the raw files of a run, in their order; empty if none are given."""
        return [] if self.absence(run) else self._checksums(run)

    def _checksums(self, run: int) -> list[str]:
        sheet = self.known[run]
        if self.written(run):
            return []
        return checksums_of(run, self._look_up(run, sheet.files), sheet.checksums)

    def given_checksums(self, runs: Iterable[int]) -> dict[int, dict[str, str]]:
        """Checksums by run and raw file, of those of some runs for which any are given."""
        return {
            run: dict(zip(self.files(run), self.checksums(run), strict=True))
            for run in runs
            if self.known[run].checksums
        }

    def repeated_files(self) -> list[tuple[int, str]]:
        """What the run sheet lists twice, in one run or in two: the run and a sentence.

        Runs with files that are not there are left out, see `missing`.
        """
        files = {}
        for run in self.runs:
            try:
                files[run] = self._sources(run)
            except RunsieveError:
                continue
        return [(run, f"{self.sheet}: {sentence}") for run, sentence in repeated_files(files)]

    def _sources(self, run: int) -> list[str]:
        """What a run is made from; an .npz file may hold one for each kind."""
        sheet = self.known[run]
        if not self.written(run):
            return self._look_up(run, sheet.files)
        if sheet.simulated:
            return [self.path(layout.RAW_RUN, run=run)]
        if Path(sheet.files).is_dir() or self.settings.ingest is None:
            return [sheet.files]
        return [f"{sheet.files}: {self.settings.ingest.arrays[sheet.kind].images}"]


def for_run(words: str, run: int) -> str:
    """Replace `{run}` by the run number."""
    return words.replace("{run}", str(run))
