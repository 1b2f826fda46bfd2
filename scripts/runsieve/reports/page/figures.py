"""Figures of the page: the picture, what it shows in words, its caption and its files."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from runsieve import layout
from runsieve.reports.page.captions import Captions
from runsieve.reports.page.picture import Pictures
from runsieve.reports.page.reading import Reader


@dataclass(frozen=True)
class Figure:
    """A figure as the template shows it; element: HTML; links: of its files, by their text."""

    name: str
    title: str
    element: str
    caption: str
    links: Mapping[str, str]
    anchor: str
    wide: bool = False


@dataclass(frozen=True)
class Gallery:
    """Makes the figures of one analysis.

    analysis: its name, which anchors begin with; formats: in which figures are drawn beside SVG
    """

    reader: Reader
    pictures: Pictures
    captions: Captions
    analysis: str
    channel_name: str = ""
    formats: Sequence[str] = ()

    def figure(
        self,
        name: str,
        title: str,
        path: str,
        seen: str = "",
        tables: Iterable[str] = (),
        caption: str = "",
        note: str = "",
        wide: bool = False,
        **wildcards: str,
    ) -> Figure:
        """A figure from its SVG. seen: what is seen, for those who do not see it; tables: files
        with its numbers; caption: name of the caption if it is not that of the figure; note: what
        is said after it.
        """
        alt = f"{title}. {seen}".strip() if seen else title
        files = layout.figure_files(path.removesuffix(".svg"), self.formats)
        links = {Path(file).suffix[1:].upper(): file for file in files}
        links |= {Path(table).name: table for table in tables}
        return Figure(
            name=name,
            title=title,
            element=self.pictures.element(path, alt),
            caption=f"{self.captions.of(caption or name, self.channel_name, **wildcards)} {note}",
            links={text: self.reader.link(file) for text, file in links.items()},
            anchor="-".join([self.analysis, *wildcards.values(), "figure", name]),
            wide=wide,
        )
