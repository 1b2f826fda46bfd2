"""Rendering the page: one HTML file with everything in it."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from runsieve.evaluation.glossary import INTERVALS, METRICS
from runsieve.files import written
from runsieve.reports.page.captions import Captions
from runsieve.reports.page.content import read_analysis
from runsieve.reports.page.figures import Gallery
from runsieve.reports.page.files import AnalysisFiles
from runsieve.reports.page.numbers import count, number, significant
from runsieve.reports.page.picture import Pictures
from runsieve.reports.page.reading import Reader
from runsieve.reports.templates import environment


def write_page(
    path: str | Path,
    analyses: Sequence[AnalysisFiles],
    captions: Mapping[str, str],
    formats: Sequence[str] = (),
    title: str = "runsieve",
) -> None:
    """Write the page of all analyses. captions: text by the name of a figure; formats: in which
    figures are drawn beside SVG.
    """
    path, pictures = Path(path), Pictures()
    contents = []
    for analysis in analyses:
        print(f"page: {analysis.name}", flush=True)
        reader = Reader(path.parent)
        told = Captions(captions)
        channel_name = analysis.channel_name
        gallery = Gallery(reader, pictures, told, analysis.name, channel_name, formats)
        contents.append(read_analysis(analysis, gallery))
    with written(path) as place:
        place.write_text(render(title, contents, pictures), encoding="utf-8")


def render(title: str, analyses: Sequence[Mapping[str, Any]], pictures: Pictures) -> str:
    """HTML of the page; what comes from files or configuration is escaped.

    Figures are escaped where they are made.
    """
    templates = environment("page")
    templates.filters |= {"number": number, "count": count, "significant": significant}
    return templates.get_template("index.html.j2").render(
        title=title, analyses=analyses, pictures=pictures, metrics=METRICS, intervals=INTERVALS
    )
