import base64
import re
from html.parser import HTMLParser
from types import SimpleNamespace

import pandas as pd
import pytest
from runsieve.pages import picture
from scored_examples import history, random_predictions
from test_statistics import runs

import build_page
from runsieve.config.report import Report
from runsieve.evaluation.comparison import compare
from runsieve.reports.model_report import make_report, write_tables
from runsieve.reports.page.content import best_model
from runsieve.reports.page.rendering import count, number, signed
from runsieve.selection.statistics import class_ratios, count_events, read_cutflows
from runsieve.tables import write_csv

VOID = {"meta", "img", "path", "rect", "br", "link"}


class Outline(HTMLParser):
    """Checks nesting; collects ids, links and sources."""

    def __init__(self):
        super().__init__()
        self.open, self.ids, self.links, self.sources = [], [], [], []

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        self.ids += [values["id"]] if "id" in values else []
        self.links += [values["href"]] if "href" in values else []
        self.sources += [values["src"]] if "src" in values else []
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag not in VOID:
            assert self.open.pop() == tag


def plan_of(folder, classes):
    """An analysis with one sample, two models and two seeds of the first, written to `folder`."""
    events, cutflows = runs(folder / "events")
    cutflow = read_cutflows(cutflows)
    statistics = count_events(events, cutflow)
    tables = {
        "statistics": statistics,
        "ratios": class_ratios(statistics, classes),
        "cutflow": cutflow,
    }
    reports, rows, metrics = [], [], []
    for model, seed in (("dense", 1), ("dense", 2), ("energy_only", 1)):
        place = folder / model / str(seed)
        report = make_report(
            random_predictions(classes, seed=seed),
            Report(bootstrap=10),
            {},
            "name",
            1,
            history(classes),
            {"warnings": ["Loss < 0 & dead."] if model == "dense" else []},
        )
        names = ("efficiency", "confusion", "classes", "roc")
        files = {name: place / f"{name}.csv" for name in names}
        files |= {"metrics": place / "metrics.json", "efficiency_text": place / "efficiency.txt"}
        write_tables(report, **files)
        (place / "roc.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>')
        reports.append({"sample": "all", "model": model, "seed": seed, "folder": str(place)})
        rows.append(("all", model, seed))
        metrics.append(report.metrics)
    tables["comparison"] = compare(rows, metrics, "energy_only")
    for name, table in tables.items():
        write_csv(table, folder / f"{name}.csv")
    drawn = pd.DataFrame({"class": classes, "split": "test", "available": 9, "drawn": 4})
    write_csv(drawn, folder / "drawn.csv")
    figure = str(folder / "dense" / "1" / "roc.svg")
    return {
        "analysis": "cosine",
        "title": "Crystals <1 keV",
        "description": "What they see.",
        "classes": classes,
        "titles": {"signal": "Signal"},
        "channel_name": "crystal",
        "baseline": "energy_only",
        "oracle": None,
        **{name: str(folder / f"{name}.csv") for name in tables},
        **{f"{name}_figure": figure for name in ("statistics", "cutflow", "comparison")},
        "roc_figures": {"all": figure},
        "drawn": {"all": str(folder / "drawn.csv")},
        "reports": reports,
        "warnings": ["Run 3 is short."],
    }


def built(tmp_path, plans):
    page = tmp_path / "index.html"
    job = SimpleNamespace(
        log=[tmp_path / "log"],
        output=SimpleNamespace(page=page),
        params=SimpleNamespace(pages=plans),
    )
    build_page.main(job)
    return page.read_text()


@pytest.mark.parametrize("classes", [["signal", "background"], ["signal", "background", "muon"]])
def test_the_page_is_whole_and_needs_nothing_else(tmp_path, classes):
    text = built(tmp_path, [plan_of(tmp_path / "cosine", classes)])
    outline = Outline()
    outline.feed(text)
    assert outline.open == []
    assert len(set(outline.ids)) == len(outline.ids)
    assert all(source.startswith("data:image/") for source in outline.sources)
    assert not re.search(r"(?:src|href)=.?https?:|url\(|@import", text)
    for link in outline.links:
        if link.startswith("#"):
            assert link[1:] in outline.ids
        else:
            assert (tmp_path / link).is_file()


def test_what_is_on_the_page(tmp_path):
    text = built(tmp_path, [plan_of(tmp_path / "cosine", ["signal", "background"])])
    assert "Crystals &lt;1 keV" in text
    assert "dense, sample all, seed 2: Loss &lt; 0 &amp; dead." in text
    assert "Run 3 is short." in text
    assert text.count('<details class="model"') == 2
    assert text.count('class="tag best"') == 1
    assert "2 seeds" in text
    assert "What was drawn from what" in text
    assert "rejection" in text


def test_the_same_files_give_the_same_page(tmp_path):
    plan = plan_of(tmp_path / "cosine", ["signal", "background"])
    assert built(tmp_path, [plan]) == built(tmp_path, [plan])


def test_an_oracle_is_never_the_best():
    rows = [{"model": "oracle", "auc": 0.9}, {"model": "a", "auc": 0.7}, {"model": "b", "auc": 0.8}]
    assert best_model(rows, "oracle") == "b"
    assert best_model(rows[:1], "oracle") is None


def test_large_svg_gives_way_to_png(tmp_path, monkeypatch):
    svg, png = tmp_path / "a.svg", tmp_path / "a.png"
    svg.write_text("<svg/>")
    png.write_bytes(b"png")
    assert picture.embedded(svg).startswith("data:image/svg+xml;base64,")
    monkeypatch.setattr(picture, "LARGEST_SVG", 3)
    found = picture.embedded(svg)
    assert base64.b64decode(found.removeprefix("data:image/png;base64,")) == b"png"


def test_numbers_in_words():
    assert (number(0.12345), number(None), number(float("nan"))) == ("0.1235", "", "")
    assert (signed(-0.5, 1), signed(2.0, 1), signed(None)) == ("\u22120.5", "+2.0", "")
    assert (count(1234567), count(None)) == ("1\u2009234\u2009567", "")
