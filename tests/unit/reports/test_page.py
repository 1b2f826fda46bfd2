"""The page of all analyses: whole, without anything from outside, with what the files say."""

import json
import re
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

import build_page
from helpers.page_files import write_page_files
from runsieve.evaluation.glossary import INTERVALS, METRICS
from runsieve.reports.page.captions import Captions
from runsieve.reports.page.content import read_analysis
from runsieve.reports.page.figures import Gallery
from runsieve.reports.page.files import AnalysisFiles, ModelFiles, NullSampleFiles, SampleFiles
from runsieve.reports.page.picture import Pictures
from runsieve.reports.page.reading import Reader
from runsieve.reports.registry import FIGURES, TABLES

CAPTIONS = {"roc": "Curve of {{ snakemake.wildcards.model }} <b>\n& co."}
VOID = {"meta", "img", "path", "rect", "br", "link"}
TWO, THREE = ["signal", "background"], ["signal", "background", "muon"]
TRAINED = {"dense": [1, 2], "energy_only": [1]}


class Outline(HTMLParser):
    """Checks nesting; collects ids, links and sources."""

    def __init__(self):
        super().__init__()
        self.open, self.ids, self.links, self.sources = [], [], [], []
        self.tags, self.attributes, self.text = set(), set(), ""

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        self.tags.add(tag)
        self.attributes |= set(values)
        self.ids += [values["id"]] if "id" in values else []
        self.links += [values["href"]] if "href" in values else []
        self.sources += [values["src"]] if "src" in values else []
        if tag not in VOID:
            self.open.append(tag)

    def handle_data(self, data):
        self.text += data

    def handle_endtag(self, tag):
        if tag not in VOID:
            assert self.open.pop() == tag


def read(analysis, folder):
    gallery = Gallery(Reader(folder), Pictures(), Captions(CAPTIONS), analysis.name, "crystal")
    return read_analysis(analysis, gallery)


def model_files(folder, model, seeds, rates):
    """A network has cards and a figure of its training, a baseline has not."""
    place, network = folder / model, model == "dense"
    names = [*FIGURES, "training"] if network else FIGURES
    return ModelFiles(
        sample="all",
        model=model,
        seeds=seeds,
        metrics=f"{place}/metrics.json",
        efficiency_text=f"{place}/efficiency.txt",
        tables={name: f"{place}/{name}.csv" for name in TABLES},
        figures={name: f"{place}/{name}.svg" for name in names},
        cards={f"card of seed {n}": f"{place}/{n}/card.md" for n in seeds} if network else {},
        diagnoses={f"seed {n}": f"{place}/{n}/diagnosis.json" for n in seeds} if network else {},
        history=f"{place}/history.csv" if network else None,
        rates=f"{place}/rates.csv" if rates else None,
        explanation={"mean attributions": f"{place}/attribution.svg"} if network else {},
    )


def analysis_of(folder, classes, cross_tests=False, rates=False):
    """An analysis with one sample, two models and two seeds of the first, written to `folder`."""
    names = ["statistics", "cutflow", "comparison", *(["cross_tests"] if cross_tests else [])]
    analysis = AnalysisFiles(
        name="cosine",
        title="Crystals <1 keV",
        description="What they see.",
        channel_name="crystal",
        classes=classes,
        titles={"signal": "Signal"},
        baseline="energy_only",
        oracle=None,
        **{name: f"{folder}/{name}.csv" for name in ("statistics", "ratios", "cutflow", "pooled")},
        **{name: f"{folder}/{name}.csv" for name in ("comparison", "comparison_long")},
        **{name: f"{folder}/{name}.csv" for name in ("resources", "hosts")},
        provenance=f"{folder}/provenance.json",
        configuration=f"{folder}/configuration.yaml",
        display=f"{folder}/displays/run{{run}}/event{{event}}.png",
        figures={name: f"{folder}/{name}.svg" for name in names},
        cross_tests=f"{folder}/cross_tests.csv" if cross_tests else None,
        samples=[
            SampleFiles(
                name="all",
                drawn=f"{folder}/drawn.csv",
                duplicates=f"{folder}/duplicates.csv",
                pairs=f"{folder}/pairs.csv",
                decision=f"{folder}/decision.csv",
                figures={name: f"{folder}/{name}.svg" for name in ("decision", "roc")},
            )
        ],
        models=[model_files(folder, model, seeds, rates) for model, seeds in TRAINED.items()],
    )
    write_page_files(analysis, folder / "events")
    return analysis


def built_page(tmp_path, analyses, formats=()):
    """The page as the script writes it, from what the rule hands over."""
    page = tmp_path / "index.html"
    job = SimpleNamespace(
        log=[tmp_path / "log"],
        output=SimpleNamespace(page=page),
        params=SimpleNamespace(
            pages=[one.model_dump(mode="json") for one in analyses],
            captions=CAPTIONS,
            formats=formats,
        ),
    )
    build_page.main(job)
    return page.read_text()


@pytest.mark.parametrize("classes", [TWO, THREE])
def test_the_page_is_whole_and_needs_nothing_else(tmp_path, classes):
    text = built_page(tmp_path, [analysis_of(tmp_path / "cosine", classes)])
    outline = Outline()
    outline.feed(text)
    assert outline.open == []
    assert len(set(outline.ids)) == len(outline.ids)
    assert all(source.startswith("data:image/") for source in outline.sources)
    assert not re.search(r"(?:src|href)=.?https?:|url\((?!#)|@import", text)
    for link in outline.links:
        if link.startswith("#"):
            assert link[1:] in outline.ids
        else:
            assert (tmp_path / link).is_file()


def test_figures_have_links_to_all_of_their_formats(tmp_path):
    analyses = [analysis_of(tmp_path / "cosine", TWO)]
    svg = re.findall(r'href="([^"]+)\.svg" aria-label="SVG of ', built_page(tmp_path, analyses))
    assert len(svg) > 5
    text = built_page(tmp_path, analyses, ["pdf"])
    assert re.findall(r'href="([^"]+)\.svg" aria-label="SVG of ', text) == svg
    assert re.findall(r'href="([^"]+)\.pdf" aria-label="PDF of ', text) == svg


def test_what_is_on_the_page(tmp_path):
    text = built_page(tmp_path, [analysis_of(tmp_path / "cosine", TWO)])
    assert "Crystals &lt;1 keV" in text
    assert ">dense on all, seed 2</a>" in text
    assert text.count("Loss &lt; 0 &amp; dead. <span") == 1
    assert text.count('<details class="model"') == 2
    assert text.count('class="tag best"') == 1
    assert "Figures and tables are of the first seed" in text
    assert "What was drawn for all" in text
    assert "<td>spread of scores</td>" in text and "<td>below the limit</td>" in text
    assert "Models in pairs" in text
    assert "Curve of dense &lt;b&gt; &amp; co." in text
    assert "rejection" in text
    assert text.count(">card of seed ") == 2
    assert "Cross tests" not in text
    assert "of the entries that pass all other cuts" in text


def test_explanations_are_linked_where_they_have_been_drawn(tmp_path):
    analysis = analysis_of(tmp_path / "cosine", TWO)
    text = built_page(tmp_path, [analysis])
    command = "snakemake explain --config &#39;analyses=cosine&#39;"
    assert text.count(command) == 1 and "What it looks at" not in text
    (tmp_path / "cosine/dense/attribution.svg").write_text("<svg/>")
    text = built_page(tmp_path, [analysis])
    link = '<a href="cosine/dense/attribution.svg">mean attributions</a>'
    assert text.count(link) == 1 and command not in text


def test_runs_that_a_sample_names_are_on_the_page(tmp_path):
    analysis = analysis_of(tmp_path / "cosine", TWO)
    assert "Drawn from the runs" not in built_page(tmp_path, [analysis])
    (sample,) = analysis.samples
    named = sample.model_copy(update={"named_runs": [1601, 1765]})
    text = built_page(tmp_path, [analysis.model_copy(update={"samples": [named]})])
    assert "Drawn from the runs 1601, 1765 alone." in text


def test_runs_that_are_left_out_are_named(tmp_path):
    analysis = analysis_of(tmp_path, TWO)
    before = built_page(tmp_path, [analysis])
    flow = pd.read_csv(analysis.cutflow)
    reasons = {run: f"run {run}: no file {run}.root" for run in (7, 8, 9)}
    rows = [{"run": run, "step": "left out", "cut": one} for run, one in reasons.items()]
    pd.concat([flow, pd.DataFrame(rows)]).to_csv(analysis.cutflow, index=False)
    page = built_page(tmp_path, [analysis])
    sentence = "3 runs are left out, because files are missing or damaged: 7-9."
    for text in (sentence, reasons[7], ">run 8</a>", ">run 9</a>"):
        assert text in page
        assert text not in before


def test_what_was_left_out_and_what_is_equal_is_a_warning(tmp_path):
    analysis = analysis_of(tmp_path, TWO)
    table = pd.DataFrame({"problem": [None, "broken"], "frames": [1, 1]})
    table.to_csv(tmp_path / "run7.pictures.csv", index=False)
    twins = pd.read_csv(analysis.samples[0].duplicates)
    rows = [("image", "exact", 1, split, 7, 1, 0, "signal", 0) for split in ("train", "test")]
    pd.concat([twins, pd.DataFrame(rows, columns=twins.columns)]).to_csv(
        analysis.samples[0].duplicates, index=False
    )
    before = built_page(tmp_path, [analysis_of(tmp_path / "plain", TWO)])
    analysis = analysis.model_copy(update={"pictures": {7: f"{tmp_path}/run7.pictures.csv"}})
    assert f"{tmp_path}/run7.pictures.csv" in analysis.files()
    page = built_page(tmp_path, [analysis])
    for sentence in (
        "run 7: 1 of 2 files left out: 1 (broken)",
        "sample all, input image: 2 events in different splits have the same values: 1 of train, "
        "1 of test",
    ):
        assert sentence in page
        assert sentence not in before


def outline_of(text):
    outline = Outline()
    outline.feed(text)
    assert outline.open == []
    return outline


@pytest.mark.parametrize("evil", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>'])
def test_texts_are_never_html(tmp_path, evil):
    plain = analysis_of(tmp_path / "cosine", TWO)
    told = plain.model_copy(
        update={
            "title": evil,
            "description": f"What {evil} sees.",
            "channel_name": evil,
            "titles": {"signal": evil, "background": f"no {evil}"},
        }
    )
    before = outline_of(built_page(tmp_path, [plain, plain]))
    after = outline_of(built_page(tmp_path, [told, told]))
    assert after.tags == before.tags
    assert after.attributes == before.attributes
    assert len(after.sources) == len(before.sources)
    assert after.text.count(evil) > 10


def test_names_of_files_are_never_html(tmp_path):
    analysis = analysis_of(tmp_path / 'a"><img src=x onerror=y>', TWO)
    outline = outline_of(built_page(tmp_path, [analysis]))
    assert "onerror" not in outline.attributes
    assert any("onerror=y>" in link for link in outline.links)


def test_a_sample_with_folds_has_one_entry_and_all_cards(tmp_path):
    analysis = analysis_of(tmp_path / "cosine", TWO)
    assert "of fold" not in built_page(tmp_path, [analysis])
    drawn = pd.read_csv(analysis.samples[0].drawn)
    drawn.assign(fold=[1, 2]).to_csv(analysis.samples[0].drawn, index=False)
    models = []
    for model in analysis.models:
        cards = {
            f"{name}, fold {number}": card.replace("card.md", f"{number}.md")
            for number in (1, 2)
            for name, card in model.cards.items()
        }
        for card in cards.values():
            Path(card).write_text("# A card")
        models.append(model.model_copy(update={"folds": 2, "cards": cards}))
    text = built_page(tmp_path, [analysis.model_copy(update={"models": models})])
    assert text.count('<details class="model"') == 2
    assert text.count(", fold 1</a>") == text.count(", fold 2</a>") == 2
    assert text.count(">Training of fold 1 of 2.</b>") == 1
    assert "Every event was tested by the model of its fold, one of 2" in text
    assert text.count("so the model was not chosen independently of its values here") == 1
    assert 'data-column="fold">fold</th>' in text


def test_cross_tests_are_shown_where_there_are_any(tmp_path):
    text = built_page(tmp_path, [analysis_of(tmp_path / "cosine", TWO, cross_tests=True)])
    assert "Cross tests: trained on one sample, tested on others" in text


def test_rates_are_shown_where_there_are_any(tmp_path):
    assert "Background per day" not in built_page(tmp_path, [analysis_of(tmp_path / "none", TWO)])
    text = built_page(tmp_path, [analysis_of(tmp_path / "cosine", TWO, rates=True)])
    assert text.count("<caption>Background per day") == 2
    assert "in 2.00 days and 8.30 kg, at the class mix" in text
    assert "per day, kg and keV of energy" in text
    assert '<span class="value">0.482</span>' in text  # 40 / (2 days 5 keV 8.3 kg)
    assert text.count(">rates.csv</a>") == 4


def null_tests_of(folder):
    """An analysis with two null tests, of which the second fails, and a shift study."""
    analysis = analysis_of(folder, TWO)
    models = [
        model_files(folder, model, [1], rates=False).model_copy(
            update={"sample": "runs", "cards": {}}
        )
        for model in ("dense", "energy_only")
    ]
    figures = {name: f"{folder}/{name}.svg" for name in ("null_tests", "shifts")}
    analysis = analysis.model_copy(
        update={
            "titles": {"signal": "Signal", "background": "Noise"},
            "null_tests": f"{folder}/null_tests.csv",
            "null_samples": [
                NullSampleFiles(name="runs", drawn=f"{folder}/null.csv", models=models)
            ],
            "shifts": f"{folder}/shifts.csv",
            "figures": analysis.figures | figures,
        }
    )
    write_page_files(analysis, folder / "events")
    return analysis


def test_null_tests_warn_where_they_fail(tmp_path):
    analysis = null_tests_of(tmp_path / "cosine")
    text = built_page(tmp_path, [analysis])
    said = "null test runs, energy_only: s and b can be told apart: AUC 0.7"
    assert text.count(said) == 1
    assert "null test runs, dense" not in text
    table = pd.read_csv(analysis.null_tests)
    noticed = table["auc_noticed"].max()
    assert f"of the analysis; an AUC below {noticed:.2f} could pass unseen" in text
    assert f'<td class="n">{table["auc_noticed"][0]:.3f}</td>' in text
    assert text.count("the null test runs fails") == 2  # at the top, and among what could be wrong
    assert "Null tests: what should look the same" in text
    outline = Outline()
    outline.feed(text)
    assert {"cosine-null_tests", "cosine-shifts", "cosine-runs-dense"} <= set(outline.ids)
    assert len(set(outline.ids)) == len(outline.ids)
    assert {link[1:] for link in outline.links if link.startswith("#")} <= set(outline.ids)
    assert {"cosine/null_tests.csv", "cosine/shifts.csv"} <= set(outline.links)
    # They are not among the models that are compared.
    assert text.count('class="tag best"') == 1


def test_shifts_are_listed_by_model(tmp_path):
    page = tmp_path / "cosine"
    text = built_page(tmp_path, [null_tests_of(page)])
    shifts = text.split('id="cosine-shifts"')[1]
    assert shifts.count("<td>gain</td>") == shifts.count("<td>gain +10 %</td>") == len(TRAINED)
    assert "The largest change of the signal efficiency at the cut is " in shifts
    assert "Shifts of what models see" in shifts
    assert "Shifts" not in built_page(tmp_path, [analysis_of(page, TWO)])


def test_several_analyses_have_an_overview(tmp_path):
    one = analysis_of(tmp_path / "cosine", TWO)
    other = analysis_of(tmp_path / "gbar", THREE).model_copy(update={"name": "gbar"})
    assert "All analyses" not in built_page(tmp_path, [one])
    text = built_page(tmp_path, [one, other])
    assert "All analyses" in text
    outline = Outline()
    outline.feed(text)
    assert len(set(outline.ids)) == len(outline.ids)
    assert {"#cosine", "#gbar"} <= set(outline.links)


def test_figures_are_in_the_order_of_their_places(tmp_path):
    found = read(analysis_of(tmp_path / "cosine", TWO), tmp_path)
    dense, bins = found["models"]["all"]
    places = sorted(FIGURES, key=lambda name: FIGURES[name].PLACE)
    places.remove("confusion")  # of two classes, it repeats a table
    assert [figure.name for figure in dense["figures"]] == [*places, "training"]
    assert {figure.name for figure in [*bins["figures"], *bins["lifted"]]} == set(places)
    assert all(figure.title for figure in dense["figures"])


def test_groups_are_drawn_where_there_are_several(tmp_path):
    analysis = analysis_of(tmp_path / "cosine", TWO)
    for model in analysis.models:
        table = pd.read_csv(model.tables["groups"])
        assert set(table["by"]) == {"run", "channel"}
        table[table["by"] == "channel"].to_csv(model.tables["groups"], index=False)
    for model in read(analysis, tmp_path)["models"]["all"]:
        assert "groups" not in [one.name for one in [*model["figures"], *model["lifted"]]]


def test_the_same_files_give_the_same_page(tmp_path):
    analysis = analysis_of(tmp_path / "cosine", TWO)
    assert built_page(tmp_path, [analysis]) == built_page(tmp_path, [analysis])


def with_comparison(analysis, **columns):
    """The analysis, with other values in columns of its comparison."""
    table = pd.read_csv(analysis.comparison, dtype={"seeds": str})
    table.assign(**columns).to_csv(analysis.comparison, index=False)
    return analysis


def test_the_model_chosen_on_validation_is_tagged_and_those_compatible_with_it(tmp_path):
    """The model that is not chosen has the larger AUC on test events."""
    analysis = with_comparison(
        analysis_of(tmp_path / "cosine", TWO),
        auc_mean=[0.9, 0.7],
        chosen=[False, True],
        compatible=[True, True],
    )
    text = built_page(tmp_path, [analysis])
    table = text.split('<table class="comparison')[1].split("</table>")[0]
    assert re.findall(r'<tr data-row="(\d)"', table) == ["0", "1"]
    assert re.findall(r'class="tag \w*">(best on validation|compatible|\d diagnoses)<', table) == [
        "compatible",
        "2 diagnoses",
        "best on validation",
    ]
    # A diagnosis fired for the other, so that the chosen one, which is the baseline, is left.
    assert "Use energy_only, which has the largest AUC on validation events (" in text
    assert "no model is better than the baseline" in text


def test_a_model_that_differs_from_the_chosen_one_has_no_tag(tmp_path):
    analysis = with_comparison(
        analysis_of(tmp_path / "cosine", TWO), chosen=[True, False], compatible=[True, False]
    )
    text = built_page(tmp_path, [analysis])
    assert ">compatible<" not in text
    assert text.count(">best on validation<") == 1
    assert "No model is usable: of dense, the best, diagnoses fired." in text


def test_where_no_model_is_chosen_the_page_says_so(tmp_path):
    one, other = (
        with_comparison(
            analysis_of(tmp_path / name, TWO).model_copy(update={"name": name}),
            chosen=name == "some",
            compatible=False,
        )
        for name in ("none", "some")
    )
    text = built_page(tmp_path, [one, other])
    assert text.count("No model was chosen.") == 2  # in the overview, and in the analysis
    outline = Outline()
    outline.feed(text)
    assert outline.open == []


def test_the_seeds_of_a_model_are_named(tmp_path):
    text = built_page(tmp_path, [analysis_of(tmp_path / "cosine", TWO)])
    assert re.search(r"AUC: seed 1 0\.\d+, seed 2 0\.\d+", text)


def test_what_the_analysis_is_of_is_said(tmp_path):
    analysis = analysis_of(tmp_path / "cosine", TWO)
    text = built_page(tmp_path, [analysis])
    assert "made 2026-01-02 03:04 UTC from <code>abc123000000</code>, modified" in text
    for said in (
        "demo scale", "title: a &lt;b&gt;", "<td>a.root</td><td>sha256:12</td>", "python 3.14",
        "cores 2", "<dt>Data</dt><dd>recorded</dd>", "Time and memory of each rule",
        '<td class="n">12.3</td>',
    ):  # fmt: skip
        assert said in text
    assert ">Simulation<" not in text
    path = Path(analysis.provenance)
    content = json.loads(path.read_text())
    recorded = content["runs"][0]
    simulated = {**recorded, "origin": "simulated"}
    for runs, real in (([recorded, simulated], True), ([simulated, simulated], False)):
        path.write_text(json.dumps({**content, "runs": runs}))
        text = built_page(tmp_path, [analysis])
        assert (">Simulation<" not in text) == ("<dd>recorded</dd>" in text) == real


def test_metrics_and_intervals_are_in_the_glossary(tmp_path):
    text = outline_of(built_page(tmp_path, [analysis_of(tmp_path / "cosine", TWO)])).text
    for one in METRICS.values():
        assert one.meaning in text
    for kind, meaning in INTERVALS.items():
        assert f"{kind} ({meaning})" in text


def test_training_and_test_events_are_compared_in_the_trust_section(tmp_path):
    analysis = analysis_of(tmp_path / "cosine", TWO)
    table = pd.read_csv(analysis.models[0].tables["overtraining"])
    table.assign(auc_train=0.98761, auc_test=0.87651, p_holm=0.0123).to_csv(
        analysis.models[0].tables["overtraining"], index=False
    )
    trust = built_page(tmp_path, [analysis]).split('id="cosine-trust"')[1]
    for shown in ("0.9876", "0.8765", "0.012"):
        assert f">{shown}<" in trust


def test_purity_is_shown_where_it_is_known(tmp_path):
    analysis = analysis_of(tmp_path / "cosine", TWO)
    assert "Purity of the labels" not in built_page(tmp_path, [analysis])
    path = tmp_path / "purity.csv"
    path.write_text(
        "class,truth,process,low,high,total,events,fraction,fraction_low,fraction_high\n"
        "signal,signal,1,,,40,38,0.95,0.9,0.98\n"
        "signal,signal,all,,,40,39,0.975,0.93,0.99\n"
        "signal,signal,all,0,5,20,19,0.95,0.9,0.98\n"
    )
    (sample,) = analysis.samples
    known = sample.model_copy(update={"purity": str(path)})
    assert str(path) in known.files()
    text = built_page(tmp_path, [analysis.model_copy(update={"samples": [known]})])
    table = text.split("Purity of the labels")[2].split("</table>")[0]
    assert table.count("<tr data-row=") == 1 and '<tr data-row="1"' in table
    assert '<span class="value">0.975</span>' in table


def test_headings_are_in_order(tmp_path):
    text = built_page(tmp_path, [null_tests_of(tmp_path / "cosine")])
    levels = [int(level) for level in re.findall(r"<h(\d)", text)]
    assert levels[0] == 1 and levels.count(1) == 1 and max(levels) == 4
    assert all(after <= before + 1 for before, after in pairwise(levels))


def headings(text, style):
    """Headings of a table by the column of the file that they are of."""
    table = re.search(rf'<table class="{style}[^>]*>(.*?)</thead>', text, re.DOTALL)[1]
    found = re.findall(r'data-column="(\w+)"[^>]*>(.*?)</th>', table)
    return {name: re.sub("<[^>]*>", "", content) for name, content in found}


def test_the_first_seed_and_the_mean_of_seeds_are_told_apart(tmp_path):
    analysis = analysis_of(tmp_path / "cosine", TWO)
    found = headings(built_page(tmp_path, [analysis]), "comparison")
    assert found["threshold"] == "cut at score first seed"
    assert found["efficiency"] == "signal kept first seed"
    assert found["auc_mean"] == "AUC mean of seeds"
    single = headings(built_page(tmp_path, [with_comparison(analysis, seeds="1")]), "comparison")
    assert single["threshold"] == "cut at score" and single["auc_mean"] == "AUC"


def test_the_confusion_of_two_classes_is_not_shown(tmp_path):
    two, three = (built_page(tmp_path, [analysis_of(tmp_path / "cosine", c)]) for c in (TWO, THREE))
    assert "-figure-confusion" not in two and "confusion.svg" not in two
    assert "-figure-confusion" in three


def test_events_of_the_gallery_lead_to_their_displays(tmp_path):
    folder = tmp_path / "cosine"
    analysis = analysis_of(folder, TWO)
    (sample,) = analysis.samples
    drawn = {"gallery": f"{folder}/gallery.svg"}
    sample = sample.model_copy(
        update={"gallery": f"{folder}/gallery.csv", "figures": sample.figures | drawn}
    )
    analysis = analysis.model_copy(update={"samples": [sample]})
    write_page_files(analysis, folder / "events")
    command = "snakemake displays --config &#39;display=1/17&#39;"
    assert command in built_page(tmp_path, [analysis])
    drawn = folder / "displays/run1/event17.png"
    drawn.parent.mkdir(parents=True)
    drawn.touch()
    text = built_page(tmp_path, [analysis])
    assert command not in text
    assert '<a href="cosine/displays/run1/event17.png">1/17</a>' in text
