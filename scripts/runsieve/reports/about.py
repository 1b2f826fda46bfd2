"""Provenance of a model, for its card."""

from typing import Any

from pydantic import Field

from runsieve.config.base import Settings


class About(Settings):
    """Provenance of a model.

    titles: display name by class; cuts: cut by run, class and step; settings: of the model, with
    all defaults; inputs: by input, the settings that differ from the defaults; checksums: by run
    and file, where the run sheet gives them; named_runs: those that the sample is drawn from, where
    it names them; frozen: True if its events are kept as they were drawn, by cuts of that time.
    """

    analysis: str
    title: str
    sample: str
    model: str
    seed: int
    cuts: dict[int, dict[str, dict[str, str]]]
    settings: dict[str, Any]
    inputs: dict[str, dict[str, Any]] = Field(default_factory=dict)
    checksums: dict[int, dict[str, str]] = Field(default_factory=dict)
    titles: dict[str, str] = Field(default_factory=dict)
    frozen: bool = False
    named_runs: list[int] = Field(default_factory=list)
