"""Where a model comes from, for its card."""

from typing import Any

from runsieve.config.base import Settings


class About(Settings):
    """Origin of a model.

    cuts: run: class: step: cut; settings: those that differ from the defaults.
    """

    analysis: str
    title: str
    sample: str
    model: str
    seed: int
    cuts: dict[int, dict[str, dict[str, str]]]
    settings: dict[str, Any]
