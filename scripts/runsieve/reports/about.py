"""Provenance of a model, for its card."""

from typing import Any

from runsieve.config.base import Settings


class About(Settings):
    """Provenance of a model.

    cuts: cut by run, class and step; settings: those that differ from the defaults.
    """

    analysis: str
    title: str
    sample: str
    model: str
    seed: int
    cuts: dict[int, dict[str, dict[str, str]]]
    settings: dict[str, Any]
