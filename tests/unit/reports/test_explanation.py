"""What is written of an explanation: an artefact is named, and methods that are not faithful."""

import numpy as np
import pandas as pd
import pytest

from helpers.known_answers import BASELINE, CLASSES, trained, waveforms
from runsieve.config.explain import Explain
from runsieve.config.inputs import Input
from runsieve.evaluation.explained_events import events_to_explain
from runsieve.networks.explained import explained
from runsieve.networks.explanation import explain
from runsieve.reports.explanation import explanation_report, faithfulness, read_facts

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning:keras")

WAVEFORM = Input(branches=["w"], shape=[160], baseline={"samples": [20, 80]})


def test_an_artefact_in_the_first_ten_samples_is_named(tmp_path):
    pulse = BASELINE | WAVEFORM.pulse.model_dump(mode="json")
    network = trained(*waveforms(1500, 1, 25.0), {"scaling": {"scale": 10}}, pulse)
    values, labels = waveforms(80, 2, 25.0)
    events = pd.DataFrame({"split": "test", "label": labels, "row": np.arange(80), "run": 1})
    events = events.assign(event=events["row"], channel=0, **{"class": np.array(CLASSES)[labels]})
    chosen = events_to_explain(events, CLASSES, 20)
    raw = {"waveform": values[chosen["row"].to_numpy()]}
    shown = np.flatnonzero(chosen["kind"] != "")
    found = explain(explained(network), raw, chosen["label"].to_numpy(), shown)
    settings = Explain(quiet={"waveform": {"stop": 80}})
    report = explanation_report(found, chosen, raw, CLASSES, {"waveform": WAVEFORM}, settings)
    finding = report.facts["findings"][0]
    assert finding.startswith("samples 0 to 79, which are named as quiet, carry ")
    assert ": samples 0 to 9 carry " in finding
    assert finding.endswith("of the attribution of class fast.")
    assert report.facts["completeness"]["integrated_gradients"]["fraction_within"] == 1
    assert len(report.facts["shown"]) == 4
    assert report.arrays["integrated_gradients/waveform"].shape == (4, 160)
    assert report.arrays["mean/gradient/waveform"].shape == (2, 160)
    names = ("arrays.npz", "table.csv", "randomisation.csv", "facts.json")
    for folder in ("one", "other"):
        report.write(*(str(tmp_path / folder / name) for name in names))
    for name in names:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "other" / name).read_bytes()
    assert read_facts(tmp_path / "one/facts.json") == report.facts


def test_methods_whose_maps_hardly_change_are_not_faithful():
    rows = [
        ("same", "the upper half", 2, 0.8, 0.1),
        ("same", "all", 4, 0.1, 0.1),
        ("uncertain", "the upper half", 2, 0.6, 0.2),
        ("changing", "the upper half", 2, 0.1, 0.1),
        ("few values", "the upper half", 2, np.nan, np.nan),
        ("one layer", "all", 1, 0.9, 0.0),
    ]
    columns = ["method", "layers", "number", "correlation", "error"]
    found = faithfulness(pd.DataFrame(rows, columns=columns).assign(input="w"))
    assert {name: one["faithful"] for name, one in found.items()} == {
        "same": False,
        "uncertain": True,
        "changing": True,
        "few values": None,
        "one layer": False,
    }
    assert found["same"]["correlation"] == 0.8
    assert "hardly change" in found["same"]["says"]
