"""What networks look at, found by Snakemake: an artefact that tells the classes apart is named."""

import json

import numpy as np
import pandas as pd
import pytest

from helpers.checkout import Checkout, copy_checkout
from helpers.foreign_runs import write_foreign_analysis

pytestmark = pytest.mark.workflow

ARTEFACT = 12.0  # ADC counts in the first ten samples of the signal, where the noise is 3
NETWORK = "results/foreign/explanations/detectors/small/seed1"
NULL_TESTS = "results/foreign/reports/null_tests.csv"
FIGURES = ("attribution", "events", "feature_maps")


def plant(analysis: dict) -> None:
    """Two networks that see the artefact, and a null test of the samples before the trigger."""
    waveform = analysis["inputs"]["waveform"]
    waveform["baseline"] = {"samples": [20, 60]}
    early = {**waveform, "shape": [32], "window": {"stop": 16}, "baseline": 250, "null_test": True}
    analysis["inputs"]["pretrigger"] = early
    small = analysis["models"]["small"]
    small["training"] = {"epochs": 8, "batch_size": 32}
    analysis["models"]["pretrigger"] = {
        **small,
        "towers": {"pretrigger": {"scaling": {"scale": 10}}},
    }
    analysis["models"]["cnn"] = {
        **small,
        "towers": {
            "waveform": {
                "scaling": {"scale": 40},
                "view": [2, 128],
                "channels": "first",
                "convolutions": {"filters": [4], "kernel": 5},
            }
        },
    }
    analysis["samples"]["null"] = {"null_test": True, "models": ["pretrigger"]}
    analysis["explain"] = {"events": 40, "quiet": {"waveform": {"stop": 16}}}


@pytest.fixture(scope="module")
def explained(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    checkout = copy_checkout(tmp_path_factory.mktemp("explain") / "checkout")
    write_foreign_analysis(checkout.folder, ARTEFACT)
    checkout.change_analysis("foreign", plant)
    (checkout.folder / "config/config.yaml").write_text("analyses: [foreign]\nscale: full\n")
    done = checkout.snakemake("explain", NULL_TESTS)
    assert done.returncode == 0, done.stdout + done.stderr
    return checkout


def test_an_artefact_is_named_by_the_explanation_and_by_the_null_test(explained):
    report = json.loads((explained.folder / NETWORK / "explanation.json").read_text())
    (finding,) = [one for one in report["findings"] if "class signal" in one]
    assert finding.startswith("samples 0 to 15, which are named as quiet, carry ")
    window = report["windows"]["waveform"]["signal"]
    assert 0 <= window["start"] < window["stop"] <= 10
    (null,) = pd.read_csv(explained.folder / NULL_TESTS).to_dict("records")
    assert null["auc"] > 0.9


def test_checks_of_the_explanation(explained):
    report = json.loads((explained.folder / NETWORK / "explanation.json").read_text())
    assert report["completeness"]["integrated_gradients"]["fraction_within"] == 1
    assert report["attributed"].startswith("log odds of the class of each event, from the logits")
    assert report["obstacles"]["grad_cam"] == {"waveform": "no convolution sees this input alone"}
    table = pd.read_csv(explained.folder / NETWORK / "randomisation.csv")
    assert set(table["layers"]) == {"the upper half", "all"}
    assert table["correlation"].between(-1, 1).all()


def test_tables_arrays_and_figures(explained):
    table = pd.read_csv(explained.folder / NETWORK / "attribution.csv")
    assert len(table) == 2 * 256
    assert table.groupby("class")["fraction"].sum().tolist() == pytest.approx([1, 1])
    gallery = pd.read_csv(explained.folder / "results/foreign/reports/detectors/gallery.csv")
    report = json.loads((explained.folder / NETWORK / "explanation.json").read_text())
    shown = {(one["run"], one["event"]) for one in report["shown"]}
    assert shown <= set(zip(gallery["run"], gallery["event"], strict=True))
    for model in ("small", "cnn"):
        folder = explained.folder / NETWORK.replace("small", model)
        arrays = np.load(folder / "attributions.npz")
        assert arrays["integrated_gradients/waveform"].shape == (len(shown), 256)
        assert ("maps/waveform/waveform_1_convolution" in arrays) == (model == "cnn")
        for name in FIGURES:
            assert (folder / f"{name}.svg").stat().st_size > 500


def test_nothing_is_read_undeclared_or_to_be_done_afterwards(explained):
    assert explained.undeclared() == []
    assert explained.would_run("explain") == {}
    again = explained.would_run("explain", "--config", "figure_formats=png")
    assert again == {"draw_explanation": 2}


def test_a_baseline_is_refused(explained):
    place = NETWORK.replace("small", "energy_only")
    done = explained.snakemake(f"{place}/attribution.csv")
    assert done.returncode == 1
    sentence = "models.energy_only: only networks can be explained, found type binned"
    assert sentence in done.stdout + done.stderr
