"""Captions of figures: those of Snakemake's report, filled in for the page."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import SimpleNamespace

from jinja2 import Environment, StrictUndefined


@dataclass(frozen=True)
class Captions:
    """texts: content of report/NAME.rst by name, in which `snakemake.wildcards` and
    `snakemake.params` may be named.
    """

    texts: Mapping[str, str]

    def of(self, name: str, channel_name: str = "", **wildcards: str) -> str:
        """The caption of a figure as one line; empty for a name without a file."""
        template = Environment(undefined=StrictUndefined).from_string(self.texts.get(name, ""))
        job = SimpleNamespace(
            wildcards=SimpleNamespace(**wildcards),
            params=SimpleNamespace(channel_name=channel_name),
        )
        return " ".join(template.render(snakemake=job).split())
