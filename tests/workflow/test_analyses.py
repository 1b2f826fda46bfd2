"""Every analysis that is shipped, at its smallest size, from raw runs to the page."""

import re
from typing import Any

import pandas as pd
import pytest

from helpers.checkout import ROOT, Checkout, copy_checkout
from runsieve.simulate.models import DETECTORS

pytestmark = pytest.mark.workflow

EVENTS = {
    "gbar": 120,
    "electrons": 150,
    "images": 500,
    "tracks": 100,
    "waveforms": 400,
    "muons": 150,
}
KEPT = {
    "gbar": ["fcn", "hits_only"],
    "electrons": ["ht", "et_and_ht_and_hl", "energy_only", "boosted"],
    "images": ["depth2_32", "depth7_64", "residual3_32"],
    "tracks": ["cnn", "hits_only"],
    "waveforms": ["cnn", "dense"],
    "muons": ["isolation_and_polynomials", "one_isolation", "momentum_only"],
}
# Models that no shipped analysis has: boosted trees on columns.
ADDED = {
    "electrons": {"boosted": {"type": "gradient_boosting", "inputs": ["features"]}},
}


def shrink(name: str, analysis: dict[str, Any]) -> None:
    """A few events, one epoch, and a model of each kind."""
    analysis["models"] |= ADDED.get(name, {})
    analysis.pop("searches", None)
    demo = analysis.setdefault("demo", {})
    simulate = demo.setdefault("simulate", {})
    simulate["scale"] = dict.fromkeys(analysis["simulate"]["scale"], 1)
    models = demo["models"] = {}
    for model, settings in analysis["models"].items():
        if model not in KEPT[name]:
            models[model] = None
        elif settings["type"] in ("network", "residual"):
            models[model] = {"training": {"epochs": 1, "batch_size": 32}}
    for sample in list(analysis["samples"])[1:]:
        demo.setdefault("samples", {})[sample] = None
    demo["report"] = {"bootstrap": 20}


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    checkout = copy_checkout(tmp_path_factory.mktemp("analyses") / "checkout")
    for name, events in EVENTS.items():
        checkout.change_analysis(name, lambda analysis, name=name: shrink(name, analysis))
        sheet = checkout.folder / f"config/runs/{name}.tsv"
        runs = pd.read_csv(sheet, sep="\t", dtype={"files": str}, keep_default_na=False)
        runs.assign(events=events).to_csv(sheet, sep="\t", index=False)
    done = checkout.snakemake("--config", f"analyses=[{','.join(EVENTS)}]")
    assert done.returncode == 0, done.stdout + done.stderr
    return checkout


@pytest.mark.parametrize("name", EVENTS)
def test_every_model_is_reported(ran, name):
    results = ran.folder / "results" / name
    table = pd.read_csv(results / "reports/comparison.csv")
    assert table.model.tolist() == KEPT[name]
    assert table.auc.between(0, 1).all()
    assert (table.events > 0).all()
    for row in table.itertuples():
        folder = results / f"reports/{row.sample}/{row.model}"
        confusion = pd.read_csv(folder / "confusion.csv")
        counts = confusion.drop(columns=["seed", "against", "working_point", "true_class"]).sum(
            axis=1
        )
        assert (counts.groupby(confusion["working_point"]).sum() == row.events).all()


def test_every_model_is_on_the_page(ran):
    page = (ran.folder / "results/index.html").read_text()
    for name, models in KEPT.items():
        for model in models:
            assert re.search(rf'id="{name}-\w+-{model}"', page), (name, model)


def test_jobs_open_nothing_that_they_do_not_declare(ran):
    assert ran.undeclared() == []


def test_nothing_is_to_be_done_afterwards(ran):
    assert ran.would_run("--config", f"analyses=[{','.join(EVENTS)}]") == {}


def test_one_analysis_alone(ran):
    jobs = ran.would_run("--forceall", "--config", "analyses=[tracks]")
    assert jobs["simulate_run"] == 3


def test_the_overview_shows_all_side_by_side(ran):
    page = (ran.folder / "results/index.html").read_text()
    overview = page[page.index('id="overview"') : page.index("</section>")]
    for name in EVENTS:
        assert f'href="#{name}"' in overview


def test_the_third_set_of_tracks_is_a_run_of_its_own(ran):
    events = pd.read_parquet(ran.folder / "results/tracks/samples/images/events.parquet")
    splits = events.groupby("split").run.unique()
    assert {split: set(runs) for split, runs in splits.items()} == {
        "train": {1},
        "validation": {2},
        "test": {3},
    }


def test_no_code_outside_of_the_detector_models_names_an_analysis():
    names = {path.stem for path in (ROOT / "config/analyses").glob("*.yaml")} | set(DETECTORS)
    # That is a schedule of the learning rate and the default of config.yaml, too.
    names -= {"cosine"}
    assert len(names) > 8
    files = [*(ROOT / "rules").iterdir(), *(ROOT / "scripts").rglob("*.py"), ROOT / "Snakefile"]
    for path in files:
        if "simulate" not in path.parts:
            strings = re.findall(r"\"(\w+)\"", path.read_text())
            assert not names & set(strings), path.name
