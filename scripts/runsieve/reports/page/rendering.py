"""Rendering the page: one HTML file with everything in it."""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from runsieve.files import written
from runsieve.reports.page.content import read_analysis
from runsieve.reports.page.files import AnalysisFiles
from runsieve.reports.templates import environment


def write_page(
    path: str | Path, analyses: Sequence[AnalysisFiles], title: str = "runsieve"
) -> None:
    """Write the page of all analyses."""
    path = Path(path)
    contents = []
    for analysis in analyses:
        print(f"page: {analysis.name}", flush=True)
        contents.append(read_analysis(analysis, path.parent))
    with written(path) as place:
        place.write_text(render(title, contents), encoding="utf-8")


def render(title: str, analyses: Sequence[Mapping[str, Any]]) -> str:
    """HTML of the page; what comes from files or configuration is escaped."""
    templates = environment("page")
    templates.filters |= {"number": number, "count": count, "signed": signed}
    return templates.get_template("index.html.j2").render(title=title, analyses=analyses)


def number(value: float | None, digits: int = 4) -> str:
    """A number with fixed decimals; an empty string for None or NaN."""
    return "" if value is None or math.isnan(value) else f"{value:.{digits}f}"


def signed(value: float | None, digits: int = 4) -> str:
    """A number with its sign, the minus being U+2212; an empty string for None or NaN."""
    return (
        "" if value is None or math.isnan(value) else f"{value:+.{digits}f}".replace("-", "\u2212")
    )


def count(value: float | None) -> str:
    """An integer with thin spaces between thousands; an empty string for None or NaN."""
    return "" if value is None or math.isnan(value) else f"{int(value):,}".replace(",", "\u2009")
