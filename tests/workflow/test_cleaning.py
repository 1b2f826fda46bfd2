"""A sample with wrong labels is cleaned and has a learning curve, from raw runs to the page."""

import pandas as pd
import pytest
import yaml

from helpers.checkout import Checkout, copy_checkout
from helpers.foreign_runs import ANALYSIS, write_foreign_analysis
from runsieve.config.load import merge

pytestmark = pytest.mark.workflow

CHANGES = {
    "samples": {
        "detectors": {"balance": "undersample", "mislabel": 0.2, "learning_curve": [40]},
        "cleaned": {
            "cleaned": {"of": "detectors", "model": "trees", "folds": 2},
            "models": ["trees", "energy_only"],
        },
    },
    "models": {
        "trees": {"type": "gradient_boosting", "inputs": ["number"]},
        "small": {"training": {"epochs": 1}},
    },
    "inputs": {"number": {"columns": ["energy"]}},
}


@pytest.fixture(scope="module")
def cleaned(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    checkout = copy_checkout(tmp_path_factory.mktemp("cleaned") / "checkout")
    write_foreign_analysis(checkout.folder)
    (checkout.folder / "config/config.yaml").write_text("analyses: [foreign]\nscale: full\n")
    path = checkout.folder / "config/analyses/foreign.yaml"
    path.write_text(yaml.safe_dump(merge(ANALYSIS, CHANGES), sort_keys=False))
    done = checkout.snakemake()
    assert done.returncode == 0, done.stdout + done.stderr
    return checkout


def test_only_training_and_validation_events_are_left_out(cleaned):
    folder = cleaned.folder / "results/foreign/samples"
    whole, kept = (
        pd.read_parquet(folder / f"{name}/events.parquet") for name in ("detectors", "cleaned")
    )
    doubted = pd.read_csv(folder / "cleaned/doubted.csv")
    assert len(doubted) and set(doubted["split"]) <= {"train", "validation"}
    assert len(kept) == len(whole) - len(doubted)
    tests = [one[one["split"] == "test"].reset_index(drop=True) for one in (whole, kept)]
    pd.testing.assert_frame_equal(*tests)
    assert not (folder / "cleaned/waveform.npy").exists()
    drawn = pd.read_csv(folder / "cleaned/drawn.csv")
    assert drawn["available"].sum() == len(whole) and drawn["drawn"].sum() == len(kept)


def test_what_was_found_and_gained_is_reported_and_on_the_page(cleaned):
    reports = cleaned.folder / "results/foreign/reports"
    found = pd.read_csv(reports / "cleaned/cleaning.csv").set_index("class")
    events = pd.read_parquet(cleaned.folder / "results/foreign/samples/detectors/events.parquet")
    assert found.loc["all", "wrong"] == events["mislabelled"].sum()
    models = pd.read_csv(reports / "cleaned/cleaned_models.csv")
    assert models["model"].tolist() == ["energy_only", "trees"]
    page = (cleaned.folder / "results/index.html").read_text()
    assert "Labels that are doubted in cleaned" in page and "cleaned_models.csv" in page


def test_the_learning_curve_has_a_point_of_each_number_of_events(cleaned):
    reports = cleaned.folder / "results/foreign/reports"
    curve = pd.read_csv(reports / "detectors/learning_curve.csv")
    assert curve.groupby("model")["fewest"].apply(list).map(len).tolist() == [2, 2, 2]
    assert (curve.groupby("model")["train"].first() < curve.groupby("model")["train"].last()).all()
    comparison = pd.read_csv(reports / "comparison.csv").set_index(["sample", "model"])
    last = curve.groupby("model").last()
    expected = comparison.loc["detectors"]["auc"].to_dict()  # written with six digits
    assert last["auc"].to_dict() == pytest.approx(expected, abs=5.1e-7)
    assert 'learning_curve.csv"' in (cleaned.folder / "results/index.html").read_text()


def test_nothing_is_read_undeclared_or_to_be_done_afterwards(cleaned):
    assert cleaned.undeclared() == []
    assert cleaned.would_run() == {}
