"""Settings of what a model sees of an event."""

from pydantic import Field

from runsieve.config.base import Settings


class Input(Settings):
    """An array an event, read from the raw run after the events have been chosen."""

    branches: list[str] = Field(
        min_length=1, description="branches, joined end to end; {channel} is filled in"
    )
    tree: str | None = Field(None, description="tree, where it is not the tree of the analysis")
    shape: list[int] = Field(min_length=1, description="shape of one event")
    only_simulated: bool = Field(
        False, description="known for simulated runs alone: left out, with its models, otherwise"
    )
