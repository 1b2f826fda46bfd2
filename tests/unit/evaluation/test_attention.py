"""Where attributions lie: tables, windows, and regions that should not matter."""

import numpy as np
import pandas as pd
import pytest

from runsieve.config.explain import Explain
from runsieve.config.inputs import Input
from runsieve.evaluation.attention import attention, smallest_window
from runsieve.evaluation.attribution_table import Means, attribution_table, positions
from runsieve.evaluation.explained_events import events_to_explain, means_of

AXES = {"sample_ns": 2, "names": ["left", "right"]}
WAVEFORM = Input(branches=["w"], shape=[40], segments=2, baseline={"samples": [0, 8]}, axes=AXES)
NUMBERS = Input(columns=["energy", "hits"])
PICTURE = Input(branches=["a"], shape=[6, 5, 3])
CLASSES = ["a", "b"]
COUNTS = {"a": 10, "b": 10}


def means(shape, absolute, value=0.0):
    filled = np.zeros((2, *shape))
    absolute = filled + absolute
    return Means(filled + value, filled + 1, -absolute, absolute)


def looked_at(first, pulse=(10, 16)):
    """Attribution of class a: a fraction `first` in the first three samples, else a pulse."""
    absolute = np.zeros((2, 2, 20))
    absolute[:, :, slice(*pulse)] = 1
    absolute[0, 1, :3] = 4 * first / (1 - first)
    value = np.zeros((2, 2, 20))
    value[:, :, slice(*pulse)] = 50
    return attribution_table(
        {"w": means((40,), absolute.reshape(2, 40), value.reshape(2, 40))},
        CLASSES,
        {"w": WAVEFORM},
    )


def test_positions_of_every_kind_of_input():
    found = positions(WAVEFORM)
    assert found["name"].tolist() == ["left"] * 20 + ["right"] * 20
    assert found["sample"].tolist() == 2 * list(range(20))
    assert found["time"].tolist() == 2 * list(range(0, 40, 2))
    assert positions(NUMBERS)["name"].tolist() == ["energy", "hits"]
    found = positions(PICTURE)
    assert len(found) == 30
    assert found.iloc[7][["row", "column"]].tolist() == [1, 2]


def test_fractions_of_all_inputs_add_up_to_one():
    inputs = {"w": WAVEFORM, "n": NUMBERS, "p": PICTURE}
    given = {name: means(one.event_shape(), 0.5) for name, one in inputs.items()}
    table = attribution_table(given, CLASSES, inputs)
    assert len(table) == 2 * (40 + 2 + 30)
    assert table.groupby("class")["fraction"].sum().tolist() == pytest.approx([1, 1])
    channels = table[table["input"] == "p"]
    assert channels["absolute"].eq(1.5).all()
    assert channels["attribution"].eq(-1.5).all()
    found = attention(table, inputs, Explain(), COUNTS)
    assert found["inputs"]["n"]["a"] == pytest.approx(1 / 66)
    assert set(found["windows"]) == {"w"}


@pytest.mark.parametrize("first", [0.1, 0.62])
def test_what_should_not_matter_is_named(first):
    found = attention(looked_at(first), {"w": WAVEFORM}, Explain(), COUNTS)
    (baseline,) = found["regions"]["w"]
    assert baseline == "samples 0 to 7, in which the baseline is measured"
    assert found["regions"]["w"][baseline] == pytest.approx({"a": first, "b": 0})
    if first < 0.3:
        assert found["findings"] == []
        return
    assert found["findings"][0] == (
        "samples 0 to 7, in which the baseline is measured, carry 62 % of the attribution of "
        "class a: samples 0 to 2 carry 62 % of the attribution of class a."
    )
    assert found["says"][0] == "samples 0 to 2 carry 62 % of the attribution of class a."


def test_quiet_samples_of_the_settings_replace_those_of_the_baseline():
    settings = Explain(quiet={"w": {"stop": 2}}, limit=0.05)
    found = attention(looked_at(0.3), {"w": WAVEFORM}, settings, COUNTS)
    (first,) = found["regions"]["w"].values()
    assert first == pytest.approx({"a": 0.2, "b": 0})
    assert found["findings"][0].startswith("samples 0 to 1, which are named as quiet, carry 20 %")


def test_samples_without_a_pulse_where_no_baseline_is_measured():
    inputs = {"w": WAVEFORM.model_copy(update={"baseline": 200.0})}
    found = attention(looked_at(0.62), inputs, Explain(), COUNTS)
    assert next(iter(found["regions"]["w"].values())) == pytest.approx({"a": 0.62, "b": 0})
    assert found["findings"][0].startswith(
        "samples before 10 and after 15, in which no class has a mean pulse above the noise, carry"
    )
    inputs = {"w": WAVEFORM.model_copy(update={"baseline": None})}
    assert attention(looked_at(0.62), inputs, Explain(), COUNTS)["regions"] == {"w": {}}


def test_the_smallest_window():
    assert smallest_window(np.array([0.1, 0, 0.3, 0.4, 0.2]), 0.5) == (2, 4, pytest.approx(0.7))
    assert smallest_window(np.array([0.2, 0.8]), 0.8) == (1, 2, pytest.approx(0.8))
    assert smallest_window(np.ones(4) / 4, 1.0) == (0, 4, pytest.approx(1))
    assert smallest_window(np.zeros(3), 0.5)[2] == 0


def events(number=40):
    split = np.where(np.arange(number) % 4 == 0, "train", "test")
    labels = np.arange(number) % 2
    return pd.DataFrame({"split": split, "label": labels, "row": np.arange(number)[::-1]})


def test_the_same_test_events_each_time():
    found = events_to_explain(events(), CLASSES, 5)
    assert found["split"].eq("test").all()
    assert found["label"].value_counts().to_dict() == {0: 5, 1: 5}
    assert found["averaged"].all()
    assert found.loc[found["kind"] != "", "label"].tolist() == [1, 0, 1, 0] or (
        found.loc[found["kind"] != "", "label"].value_counts().to_dict() == {0: 2, 1: 2}
    )
    pd.testing.assert_frame_equal(found, events_to_explain(events(), CLASSES, 5))
    assert len(events_to_explain(events(), CLASSES, 100)) == 30


def test_events_of_the_gallery_are_shown(tmp_path):
    gallery = pd.DataFrame(
        {"class": ["a", "a", "b"], "kind": ["worst", "worst", "typical"], "row": [37, 2, 5]}
    )
    gallery.to_csv(tmp_path / "gallery.csv", index=False)
    found = events_to_explain(events(), CLASSES, 3, [str(tmp_path / "gallery.csv")])
    shown = found[found["kind"] != ""]
    assert dict(zip(shown["row"], shown["kind"], strict=True)) == {37: "worst", 5: "typical"}
    assert found["averaged"].sum() == 6


def test_means_of_each_class():
    values = {"w": np.array([[1.0, 2], [3, 4], [5, 0]])}
    found = means_of(values, {"w": -values["w"]}, np.array([0, 0, 1]), 2)["w"]
    assert found.value.tolist() == [[2, 3], [5, 0]]
    assert found.deviation.tolist() == [[1, 1], [0, 0]]
    assert found.signed.tolist() == [[-2, -3], [-5, 0]]
    assert found.absolute.tolist() == [[2, 3], [5, 0]]


def test_names_of_segments_without_names():
    branches = ["det{channel}_left", "det{channel}_right"]
    assert positions(Input(branches=branches, shape=[8]))["name"].unique().tolist() == [
        "det_left",
        "det_right",
    ]
    found = positions(Input(branches=["w"], shape=[8], segments=2))["name"]
    assert found.unique().tolist() == ["segment 0", "segment 1"]
    assert positions(Input(branches=["w"], shape=[2, 8]))["sample"].max() == 7
