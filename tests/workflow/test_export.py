"""Networks for other software, made by Snakemake."""

import json
import shutil

import onnx
import pytest

from helpers.checkout import Checkout
from helpers.recovery import RESULTS

pytestmark = pytest.mark.workflow

NETWORK = f"{RESULTS}/models/detectors/small/seed1"
BASELINE = f"{RESULTS}/models/detectors/energy_only/seed1"


@pytest.fixture(scope="module")
def copied(undisturbed: Checkout, tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    checkout = Checkout(tmp_path_factory.mktemp("export") / "checkout")
    shutil.copytree(undisturbed.folder, checkout.folder, symlinks=True)
    return checkout


def test_the_networks_of_an_analysis(copied):
    jobs = copied.run("exports", f"{NETWORK}/card.md")
    assert jobs["export_network"] == 1
    assert "train_network" not in jobs
    assert copied.undeclared() == []
    assert copied.would_run("exports") == {}

    report = json.loads((copied.folder / NETWORK / "onnx.json").read_text())
    assert 0 <= report["differences"]["probabilities"] < report["tolerance"]
    metadata = {
        one.key: one.value
        for one in onnx.load(copied.folder / NETWORK / "model.onnx").metadata_props
    }
    assert metadata["model_sha256"] == report["model_sha256"]
    points = [key for key in metadata if key.startswith("working_points.")]
    assert points
    card = (copied.folder / NETWORK / "card.md").read_text()
    for name, one in report["inputs"].items():
        assert (
            f"| {name} | {one['dtype']} | (events, {', '.join(map(str, one['shape']))}) |" in card
        )
        assert metadata[f"inputs.{name}.dtype"] == one["dtype"]


def test_a_baseline_is_refused(copied):
    done = copied.snakemake(f"{BASELINE}/model.onnx")
    assert done.returncode == 1
    sentence = "models.energy_only: only networks can be written as ONNX, found type binned"
    assert sentence in done.stdout + done.stderr
    assert not (copied.folder / BASELINE / "model.onnx").exists()
