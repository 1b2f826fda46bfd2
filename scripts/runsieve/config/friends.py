"""Settings of friends: other trees with values of the events of a run."""

from collections.abc import Iterable

from pydantic import Field, FiniteFloat, model_validator

from runsieve.config.base import Settings
from runsieve.expressions import parse_for


class Friend(Settings):
    """Another tree with values of the events of a run; `NAME.BRANCH` is a branch of it."""

    tree: str | None = Field(None, description="its name (default: the tree of the analysis)")
    files: str | None = Field(
        None,
        description="path, glob or root://; {run} is filled in (default: the files of the run)",
    )
    event: str | None = Field(
        None,
        description="its event number, a branch or expression, by which its entries are joined to "
        "those of the run (default: one entry for each, in the same order)",
    )
    run: str | None = Field(
        None, description="its run number, where it holds several runs; others are left out"
    )
    many: bool = Field(
        False, description="several entries per event, or none: its branches become lists"
    )
    missing: FiniteFloat | None = Field(
        None,
        description="value of its branches for events that it has no entry of (default: it must "
        "have one of each)",
    )

    @model_validator(mode="after")
    def _joined(self) -> "Friend":
        if self.tree is None and self.files is None:
            raise ValueError("give tree or files; without both it is the tree of the run itself")
        given = {"run": self.run, "many": self.many or None, "missing": self.missing}
        extra = [name for name, value in given.items() if value is not None]
        if self.event is None and extra:
            raise ValueError(
                f"{' and '.join(extra)}: only with event, the event number by which its entries "
                "are found"
            )
        if self.many and self.missing is not None:
            raise ValueError("missing does not go with many: an event without entries has no value")
        return self


def friends_of(branches: Iterable[str], friends: Iterable[str]) -> list[str]:
    """The friends that some of the branches are of, in the order of `friends`."""
    first = {name.partition(".")[0] for name in branches if "." in name}
    return [name for name in friends if name in first]


def branches_of(texts: Iterable[str], channels: Iterable[int]) -> set[str]:
    """Names of the branches in columns, over all channels. Raises RunsieveError, see `parse`."""
    channels = list(channels)
    return {name for text in texts for one in channels for name in parse_for(text, one).names}
