"""A sample with folds, from its settings to the page: every event is tested, and once."""

import json

import numpy as np
import pandas as pd
import pytest
import yaml
from sklearn.metrics import log_loss, roc_auc_score

from helpers.checkout import Checkout, copy_checkout
from helpers.foreign_runs import ANALYSIS, write_foreign_analysis
from runsieve.config.load import merge

pytestmark = pytest.mark.workflow

FOLDS = (1, 2, 3)
MODELS = ("energy_only", "small")
EVENT = ["run", "event", "channel"]


@pytest.fixture(scope="module")
def folded(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    checkout = copy_checkout(tmp_path_factory.mktemp("folds") / "checkout")
    write_foreign_analysis(checkout.folder)
    (checkout.folder / "config/config.yaml").write_text("analyses: [foreign]\nscale: full\n")
    path = checkout.folder / "config/analyses/foreign.yaml"
    changes = {"samples": {"detectors": {"folds": len(FOLDS)}}}
    path.write_text(yaml.safe_dump(merge(ANALYSIS, changes), sort_keys=False))
    done = checkout.snakemake()
    assert done.returncode == 0, done.stdout + done.stderr
    return checkout


@pytest.fixture(scope="module")
def results(folded):
    return folded.folder / "results/foreign"


@pytest.fixture(scope="module", params=MODELS)
def scored(request, results) -> tuple[str, pd.DataFrame]:
    path = results / f"tests/detectors/{request.param}/seed1/scores.parquet"
    return request.param, pd.read_parquet(path)


def test_every_event_of_the_sample_is_tested_once(scored, results):
    _, scores = scored
    events = pd.read_parquet(results / "samples/detectors/events.parquet")
    test = scores[scores.split == "test"]
    assert test[[*EVENT, "fold"]].reset_index(drop=True).equals(events[[*EVENT, "fold"]])
    assert set(test.fold) == set(FOLDS)
    assert set(scores.split) == {"test", "validation"}


def test_no_model_has_seen_the_events_that_it_is_tested_on(scored, results):
    model, scores = scored
    for fold in FOLDS:
        events = pd.read_parquet(results / f"samples/detectors/fold{fold}/events.parquet")
        seen = events[events.split != "test"].set_index(["run", "event"]).index
        tested = scores[(scores.split == "test") & (scores.fold == fold)]
        assert not tested.set_index(["run", "event"]).index.isin(seen).any()
        path = results / f"tests/detectors/fold{fold}/{model}/seed1/scores.parquet"
        own = pd.read_parquet(path)
        for split in ("test", "validation"):
            part = scores[(scores.split == split) & (scores.fold == fold)]
            same = part.drop(columns=["row", "fold"]).reset_index(drop=True)
            assert same.equals(own[own.split == split].reset_index(drop=True))


def test_metrics_are_those_of_all_events(scored, results):
    model, scores = scored
    test = scores[scores.split == "test"]
    signal, weight = (test["class"] == "signal").to_numpy(), test.weight.to_numpy()
    score = test.p_signal.to_numpy(float)
    path = results / f"reports/detectors/{model}/metrics.json"
    found = json.loads(path.read_text())["seeds"]["1"]
    assert sum(found["events"].values()) == len(test)
    metrics = {name: one["value"] for name, one in found["metrics"].items()}
    assert metrics["auc"] == pytest.approx(roc_auc_score(signal, score, sample_weight=weight))
    right = (score >= 0.5) == signal
    assert metrics["accuracy"] == pytest.approx(np.average(right, weights=weight))
    assert metrics["log_loss"] == pytest.approx(
        log_loss(signal, score, sample_weight=weight), rel=1e-5
    )
    comparison = pd.read_csv(results / "reports/comparison.csv").set_index("model")
    assert comparison.loc[model, "auc"] == pytest.approx(metrics["auc"])


def test_thresholds_are_those_of_the_folds(scored, results):
    model, scores = scored
    thresholds, kept = [], 0.0
    test = scores[(scores.split == "test") & (scores["class"] == "signal")]
    for fold in FOLDS:
        mine = scores[(scores.fold == fold) & (scores["class"] == "signal")]
        validation = mine[mine.split == "validation"].sort_values("p_signal", ascending=False)
        reached = validation.weight.cumsum() >= 0.9 * validation.weight.sum() * (1 - 1e-9)
        thresholds.append(float(validation.p_signal[reached].iloc[0]))
        passed = test[(test.fold == fold) & (test.p_signal >= thresholds[-1])]
        kept += passed.weight.sum()
    table = pd.read_csv(results / f"reports/detectors/{model}/working_points.csv")
    row = table[(table.against == "label") & (table.working_point == "efficiency90")].iloc[0]
    assert row.threshold == pytest.approx(np.mean(thresholds))
    assert row.efficiency == pytest.approx(kept / test.weight.sum())


def test_the_page_shows_one_model_with_the_cards_of_all_folds(folded, results):
    page = (folded.folder / "results/index.html").read_text()
    assert page.count('id="foreign-detectors-small"') == 1
    assert "foreign-detectors/fold1" not in page
    assert "Training of fold 1 of 3" in page
    for fold in FOLDS:
        card = f"models/detectors/fold{fold}/small/seed1/card.md"
        assert f'href="foreign/{card}"' in page
        assert (results / card).read_text().startswith(f"# small on detectors/fold{fold}, seed 1")


def test_warnings_name_their_fold(results):
    found = json.loads((results / "reports/detectors/small/metrics.json").read_text())["seeds"]["1"]
    expected = []
    for fold in FOLDS:
        path = results / f"models/detectors/fold{fold}/small/seed1/diagnosis.json"
        warnings = json.loads(path.read_text())["warnings"]
        expected += [f"fold {fold}: {text}" for text in warnings]
    assert found["warnings"] == expected


def test_nothing_is_read_undeclared_or_to_be_done_afterwards(folded):
    assert folded.undeclared() == []
    assert folded.would_run() == {}


def test_whole_runs_are_scored_by_the_models_that_have_not_seen_their_events(folded, results):
    config = "scores={models: detectors/small detectors/energy_only}"
    assert folded.run("scores", "--config", config) == {"score_run": 4}
    for model in MODELS:
        tested = pd.read_parquet(results / f"tests/detectors/{model}/seed1/scores.parquet")
        tested = tested[tested.split == "test"]
        files = sorted((results / f"scores/detectors/{model}/seed1").glob("run*.parquet"))
        table = pd.concat([pd.read_parquet(path) for path in files], ignore_index=True)
        both = tested.merge(table, on=EVENT, suffixes=("_tested", ""), validate="one_to_one")
        assert len(both) == len(tested) == (table.split == "test").sum()
        np.testing.assert_array_equal(both["p_signal_tested"], both["p_signal"])
        assert set(table.split) <= {"", "test"}
