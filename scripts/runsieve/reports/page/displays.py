"""Displays of the events of a gallery: links to those that are drawn, a command for the others."""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from runsieve.reports.page.reading import Reader


@dataclass(frozen=True)
class Displays:
    """Displays of some events, each named as RUN/EVENT.

    drawn: link by event; command: what draws the others, empty if there are none; place: where
    displays are written, with `{run}` and `{event}`
    """

    drawn: dict[str, str]
    command: str
    place: str


def displays_of(gallery: pd.DataFrame, place: str, reader: Reader) -> Displays:
    """Displays of the events of a gallery (columns run and event), as far as their files exist."""
    paths = {
        f"{run}/{event}": Path(place.replace("{run}", str(run)).replace("{event}", str(event)))
        for run, event in dict.fromkeys(zip(gallery["run"], gallery["event"], strict=True))
    }
    drawn = {name: reader.link(path) for name, path in paths.items() if path.is_file()}
    others = ",".join(name for name in paths if name not in drawn)
    command = f"snakemake displays --config 'display={others}'" if others else ""
    return Displays(drawn, command, place)
