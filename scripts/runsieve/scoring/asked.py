"""What is read of a run to score it, and from where."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from runsieve.config.inputs import Input


@dataclass(frozen=True)
class InputToRead:
    """An input of a model in one run.

    files, tree: those that hold it; friends: that it needs (plain values of `FriendFiles`)
    columns: branch or expression by column, of those that it names
    """

    settings: Input
    files: list[str]
    tree: str
    friends: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> "InputToRead":
        """Create from plain values."""
        return cls(**{**values, "settings": Input.model_validate(values["settings"])})


@dataclass(frozen=True)
class RunToScore:
    """A run, and what of it is scored.

    files, tree: of the run; computed: the file with computed columns; friends: that columns need
        (plain values of `FriendFiles`)
    columns: branch or expression by column; kept: those that the table has
    cuts: that select events, by name; hit: what holds in a channel that was hit, or None
    triggers: `selected` events only, or `all` in which the channel was hit
    inputs: what the model sees, by name
    """

    run: int
    files: list[str]
    tree: str
    computed: str | None
    friends: Mapping[str, Mapping[str, Any]]
    columns: Mapping[str, str]
    kept: list[str]
    cuts: Mapping[str, str]
    hit: str | None
    channels: list[int]
    triggers: str
    inputs: Mapping[str, InputToRead]

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> "RunToScore":
        """Create from plain values."""
        inputs = {name: InputToRead.of(one) for name, one in values["inputs"].items()}
        return cls(**{**values, "inputs": inputs})
