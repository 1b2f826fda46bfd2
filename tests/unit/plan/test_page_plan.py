"""The page declares every file that it shows, and no other."""

import re
from html import unescape
from pathlib import Path

import pytest

from helpers.page_files import write_page_files
from helpers.plans import RUNS, plan_of
from runsieve.plan.page import page_of
from runsieve.reports.page.files import AnalysisFiles
from runsieve.reports.page.rendering import write_page
from runsieve.reports.registry import FIGURES, TABLES

CROSS = {"samples": {"all": {"cross_test": ["one"]}, "one": {"models": ["bins", "small"]}}}
TIMED = [{**run, "livetime": 2.0} for run in RUNS]
NULL = {
    "samples": {"null": {"null_test": True, "models": ["small", "bins"]}},
    "shifts": {"gain": {"inputs": ["waveform"], "gain": 2}},
}
SCORED = {"scores": {"runs": ["1-2"], "models": ["all/small", "all/bins"]}}
CHANGES = [
    pytest.param({}, id="one sample"),
    pytest.param(CROSS, id="two samples"),
    pytest.param(NULL, id="null tests and shifts"),
    pytest.param(SCORED, id="scored runs"),
]


def page_in(folder: Path, changes: dict) -> AnalysisFiles:
    roots = {"data": str(folder / "data"), "results": str(folder / "results")}
    return page_of(plan_of(changes, TIMED, roots=roots))


def present(folder: Path) -> set[str]:
    return {str(path) for path in (folder / "results").rglob("*") if path.is_file()}


def rendered(page: AnalysisFiles, folder: Path) -> str:
    path = folder / "results/index.html"
    write_page(path, [page], {})
    return path.read_text()


@pytest.mark.parametrize("changes", CHANGES)
def test_files_that_are_declared_are_enough(tmp_path, changes):
    page = page_in(tmp_path, changes)
    write_page_files(page, tmp_path / "events")
    for path in present(tmp_path) - set(page.files()):
        Path(path).unlink()
    assert rendered(page, tmp_path)


@pytest.mark.parametrize("changes", CHANGES)
def test_files_are_declared_once_and_nothing_else_is(tmp_path, changes):
    page = page_in(tmp_path, changes)
    write_page_files(page, tmp_path / "events")
    assert set(page.files()) == present(tmp_path)
    assert len(page.files()) == len(set(page.files()))


@pytest.mark.parametrize("changes", CHANGES)
def test_links_lead_to_declared_files(tmp_path, changes):
    page = page_in(tmp_path, changes)
    write_page_files(page, tmp_path / "events")
    links = {
        unescape(link)
        for link in re.findall('href="([^"]+)"', rendered(page, tmp_path))
        if not link.startswith("#")
    }
    assert len(links) > 40
    assert {str(tmp_path / "results" / link) for link in links} <= set(page.files())


def test_what_the_page_says_of_an_analysis():
    page = page_of(plan_of(CROSS))
    assert (page.name, page.title, page.description) == ("study", "A study", "What it is about.")
    assert (page.channel_name, page.classes) == ("crystal", ["signal", "background"])
    assert page.titles == {"signal": "Signal", "background": "background"}
    assert (page.baseline, page.oracle) == ("bins", "best")
    assert [sample.name for sample in page.samples] == ["all", "one"]
    models = [(model.sample, model.model) for model in page.models]
    assert models == plan_of(CROSS).compared_models()


def test_only_networks_have_a_card_and_a_figure_of_their_training():
    for model in page_of(plan_of()).models:
        network = model.model == "small"
        assert bool(model.cards) == bool(model.diagnoses) == bool(model.history) == network
        assert set(model.figures) == {*FIGURES, *(["training"] if network else [])}
        assert set(model.tables) == set(TABLES)
        place = f"results/study/reports/all/{model.model}"
        assert model.metrics == f"{place}/metrics.json"
        assert all(path == f"{place}/{name}.svg" for name, path in model.figures.items())
        assert all(path == f"{place}/{name}.csv" for name, path in model.tables.items())


def test_a_sample_has_a_gallery_where_a_model_sees_what_can_be_drawn():
    (sample,) = page_of(plan_of()).samples
    assert sample.gallery == "results/study/reports/all/gallery.csv"
    assert sample.figures["gallery"] == "results/study/reports/all/gallery.svg"
    assert {sample.gallery, "results/study/reports/all/gallery.svg"} <= set(sample.files())
    (sample,) = page_of(plan_of({"samples": {"all": {"models": ["bins", "best"]}}})).samples
    assert sample.gallery is None and "gallery" not in sample.figures


def test_rates_are_shown_where_there_is_a_live_time():
    assert {model.rates for model in page_of(plan_of()).models} == {None}
    timed = page_of(plan_of(runs=TIMED))
    assert "results/study/reports/all/small/rates.csv" in timed.files()
    three = {"classes": {"noise": {"kinds": ["noise"]}}}
    assert {model.rates for model in page_of(plan_of(three, TIMED)).models} == {None}


def test_cross_tests_are_shown_where_there_are_any():
    assert "cross_tests" not in page_of(plan_of()).figures
    page = page_of(plan_of(CROSS))
    assert page.figures["cross_tests"] == "results/study/reports/cross_tests.svg"
    assert {f"results/study/reports/cross_tests.{end}" for end in ("svg", "csv")} <= set(
        page.files()
    )


def test_null_tests_and_shifts_are_shown_where_there_are_any():
    page = page_of(plan_of())
    assert (page.null_tests, page.null_samples, page.shifts) == (None, [], None)
    page = page_of(plan_of(NULL))
    assert page.null_tests == "results/study/reports/null_tests.csv"
    assert page.shifts == "results/study/reports/shifts.csv"
    assert {"null_tests", "shifts"} <= set(page.figures)
    assert [sample.name for sample in page.samples] == ["all"]
    (null,) = page.null_samples
    assert [model.model for model in null.models] == ["small", "bins"]
    assert all(model.cards == {} for model in null.models)
    assert {model.sample for model in page.models} == {"all"}


def test_scored_runs_are_shown_where_the_analysis_names_runs_or_models():
    assert page_of(plan_of()).scored == []
    assert page_of(plan_of({"scores": {"triggers": "all"}})).scored == []
    first, second = page_of(plan_of(SCORED)).scored
    place = "results/study/scores/all/small/seed4"
    assert first.friends == {run: f"{place}/run{run}.root" for run in (1, 2)}
    assert first.tables == {run: f"{place}/run{run}.parquet" for run in (1, 2)}
    assert (first.spectrum, first.kept) == (f"{place}/spectrum.csv", f"{place}/kept.csv")
    assert first.figures["scored_spectrum"] == f"{place}/spectrum.svg"
    assert (second.sample, second.model) == ("all", "bins")
    (only,) = page_of(plan_of({"scores": {"runs": ["2"]}})).scored
    assert (only.model, list(only.friends)) == ("small", [2])


def test_runs_that_are_classes_have_titles():
    runs = [{"run": 1, "kind": "calibration"}, {"run": 2, "kind": "physics"}]
    runs += [{"run": 4, "kind": "calibration"}]
    samples = {"samples": {"runs": {"runs_of": "signal", "null_test": True}}}
    page = page_of(plan_of(samples, runs))
    assert page.titles["run4"] == "run 4"
    assert page.titles["signal"] == "Signal"
    assert page.classes == ["signal", "background"]


def test_runs_that_samples_name():
    runs = [{"run": run, "kind": kind} for run, kind in ((1, "calibration"), (2, "physics"))]
    runs += [{"run": 4, "kind": "calibration"}, {"run": 5, "kind": "calibration"}]
    null = {"runs_of": "signal", "runs": [4, 1], "null_test": True}
    page = page_of(plan_of({"samples": {"few": {"runs": [2, 4]}, "null": null}}, runs))
    assert {sample.name: sample.named_runs for sample in page.samples} == {"all": [], "few": [2, 4]}
    assert [sample.named_runs for sample in page.null_samples] == [[1, 4]]


def test_what_the_rule_hands_to_the_script_is_read_back():
    page = page_of(plan_of(CROSS))
    assert AnalysisFiles.model_validate(page.model_dump(mode="json")) == page


def test_pairs_of_classes_are_shown_where_there_are_more_than_two():
    (two,) = page_of(plan_of()).samples
    assert two.mistaken is None and "mistaken" not in two.figures
    (three,) = page_of(plan_of({"classes": {"noise": {"kinds": ["noise"]}}})).samples
    assert three.mistaken == "results/study/reports/all/mistaken.csv"
    assert {three.mistaken, three.figures["mistaken"]} <= set(three.files())
