"""Settings of the event selection: columns, cuts and classes."""

from pydantic import Field

from runsieve.config.base import FolderName, Name, RunNumber, Settings, ShortTitle

Cuts = dict[str, str]
ALL = "all"  # the step before all cuts
LEFT_OUT = "left out"  # the only step of a run of which a file is missing or damaged


class Selection(Settings):
    """Named cuts in the order in which they are applied, to the channels that were hit."""

    hit: str | None = Field(
        None,
        description="what holds in a channel that was hit; others are neither counted in cut flows "
        "nor displayed (default: every channel counts)",
    )
    precut: Cuts = Field(
        default_factory=dict, description="cuts for every run: name of the step and cut"
    )
    by_kind: dict[Name, Cuts] = Field(
        default_factory=dict, description="further cuts for the runs of one kind (coincidence)"
    )


class EventClass(Settings):
    """The definition of a class: the runs its events come from and, if needed, a cut."""

    kinds: list[Name] = Field(default_factory=list, description="kinds of run it is taken from")
    runs: list[RunNumber] = Field(default_factory=list, description="run numbers it is taken from")
    cut: str | None = Field(None, description="cut that an event of this class passes")
    label: FolderName | None = Field(
        None, description="one of ingest.labels, whose pictures alone are of this class"
    )
    title: ShortTitle | None = Field(
        None,
        description="what it is called in figures, on the page and on cards, in any alphabet; no "
        "two are the same (default: its name)",
    )

    def takes(self, run: int, kind: str) -> bool:
        """True if events of this class are taken from a run of this number and kind."""
        return run in self.runs or kind in self.kinds
