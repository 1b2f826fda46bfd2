"""Figures of what a network looks at: waveforms, pictures, columns, and several inputs."""

import numpy as np
import pytest

from runsieve.config.explain import Explain
from runsieve.config.inputs import Input
from runsieve.evaluation.attention import attention
from runsieve.evaluation.attribution_table import Means, attribution_table
from runsieve.figures.attribution import draw_attribution, notes_of
from runsieve.figures.described import Described
from runsieve.figures.explained_events import draw_explained_events
from runsieve.figures.feature_maps import draw_feature_maps
from runsieve.figures.style import save

CLASSES = ["electron", "jet", "muon"]
AXES = {"sample_ns": 2, "unit": "mV", "names": ["left", "right"]}
INPUTS = {
    "waveform": Input(branches=["w"], shape=[600], segments=2, baseline=0.0, axes=AXES),
    "image": Input(branches=["i"], shape=[12, 10]),
    "colours": Input(branches=["c"], shape=[9, 9, 3]),
    "numbers": Input(columns=["energy", "hits"]),
}
METHODS = {
    "deconvolution": "deconvolution",
    "grad_cam": "Grad-CAM",
    "integrated_gradients": "integrated gradients",
}
FACTS = {
    "methods": METHODS,
    "events": dict.fromkeys(CLASSES, 20),
    "completeness": {"integrated_gradients": {"fraction_within": 1.0}},
    "faithfulness": {
        "deconvolution": {"correlation": 0.71, "faithful": False},
        "grad_cam": {"correlation": None, "faithful": None},
        "integrated_gradients": {"correlation": 0.1, "faithful": True},
    },
    "shown": [
        {"run": 1, "event": n, "class": name, "kind": "worst"} for n, name in enumerate(CLASSES)
    ],
}
DESCRIBED = Described("net on all", {"muon": "Muon"}, True)


def example(names):
    """Table, facts and arrays of an explanation of some inputs."""
    rng = np.random.default_rng(1)
    inputs = {name: INPUTS[name] for name in names}
    means, arrays = {}, {}
    for name, one in inputs.items():
        shape = (3, *one.event_shape())
        values, signed = rng.normal(1, 1, shape), rng.normal(0, 1, shape)
        means[name] = Means(values, np.ones(shape), signed, np.abs(signed) + 0.1)
        arrays[f"values/{name}"] = np.abs(values)
        for method in METHODS:
            if method != "grad_cam" or not one.columns:
                arrays[f"{method}/{name}"] = rng.normal(0, 1, shape)
        if name == "image":
            arrays["maps/image/image_1_convolution"] = rng.normal(size=(3, 12, 10, 8))
        if name == "waveform":
            arrays["maps/waveform/waveform_1_convolution"] = rng.normal(size=(3, 300, 4))
    table = attribution_table(means, CLASSES, inputs)
    found = attention(table, inputs, Explain(), FACTS["events"])
    return table, FACTS | found, arrays, inputs


@pytest.mark.parametrize("names", [["waveform"], ["image", "colours"], ["numbers"]])
def test_figures_of_every_input(names, tmp_path):
    table, facts, arrays, inputs = example(names)
    figures = {
        "attribution": draw_attribution(table, facts, CLASSES, inputs, DESCRIBED),
        "events": draw_explained_events(arrays, facts, inputs, DESCRIBED),
        "maps": draw_feature_maps(arrays, facts, CLASSES, DESCRIBED),
    }
    for name, figure in figures.items():
        save(figure, tmp_path / f"{name}.svg")
        assert (tmp_path / f"{name}.svg").stat().st_size > 500
    events = (tmp_path / "events.svg").read_text()
    assert "(not faithful)" in events
    assert "worst: Muon" in events
    maps = (tmp_path / "maps.svg").read_text()
    assert ("No convolution" in maps) == (not {"image", "waveform"} & set(names))


def test_what_is_written_below():
    facts = FACTS | {"findings": [], "says": ["samples 3 to 9 carry 50 % of class muon."]}
    notes = notes_of(facts)
    assert notes[0].startswith("No finding. Samples 3 to 9 carry 50 %")
    assert notes[1].startswith("Not faithful: deconvolution (0.71).")
    facts["findings"] = ["samples 0 to 9, which are named as quiet, carry 40 %."]
    assert notes_of(facts)[0].startswith("Finding: Samples 0 to 9")
