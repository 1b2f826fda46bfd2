from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import skops.io
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from runsieve import baselines
from runsieve.config.model import Model
from runsieve.errors import RunsieveError

CLASSES = ["signal", "background"]
BINNED = {"type": "binned", "column": "energy", "edges": {"start": 0, "stop": 10, "step": 2.5}}
BOOSTED = {
    "type": "gradient_boosting",
    "input": "waveform",
    "iterations": 20,
    "pulse_shape": {
        "segments": 2,
        "sample_ns": 2.0,
        "pedestal_samples": 80,
        "onset": 100,
        "cluster_threshold": 10.0,
    },
}
RATIO = {"type": "likelihood_ratio", "input": "ratio"}


def model(dictionary):
    return TypeAdapter(Model).validate_python(dictionary)


def table(label, energy=None, weight=1.0, classes=CLASSES):
    count = len(label)
    return pd.DataFrame(
        {
            "run": 1601,
            "entry": np.arange(count),
            "event": np.arange(count),
            "channel": 3,
            "class": np.array(classes)[label],
            "label": label,
            "energy": np.zeros(count) if energy is None else energy,
            "split": np.array(["train", "train", "validation", "test"])[np.arange(count) % 4],
            "weight": weight,
            "row": np.arange(count)[::-1],
        }
    )


def pulses(count=200, seed=1):
    """Slow pulses in both PMTs are signal, fast ones in one PMT background."""
    rng = np.random.default_rng(seed)
    label = rng.integers(0, 2, count)
    waves = rng.integers(248, 253, (count, 2, 600)).astype(np.uint16)
    waves[label == 0, :, 100:350] += 10
    waves[label == 1, 0, 100:130] += 120
    return table(label), waves.reshape(count, -1)[::-1].copy()


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(st.floats(-5, 15), st.integers(0, 2), st.floats(0.01, 100)),
        min_size=4,
        max_size=60,
    )
)
def test_binned_gives_the_weighted_class_shares_of_each_bin(events):
    names = ["up", "down", "background"]
    energy, label, weight = np.array([*events, (1, 0, 1), (1, 1, 1), (1, 2, 1)]).T
    sample = table(label.astype(int), energy, weight, names).assign(split="train")
    fitted = baselines.fit(model(BINNED), sample, None, names, 1, False)
    bins = np.digitize(sample["energy"], [0, 2.5, 5, 7.5, 10])
    shares = sample.pivot_table(
        index=bins, columns="label", values="weight", aggfunc="sum", fill_value=0.0
    )
    shares = shares.div(shares.sum(axis=1), axis=0).loc[bins].to_numpy()
    np.testing.assert_allclose(fitted.probabilities(sample), shares, atol=1e-9)


def test_binned_keeps_a_bin_of_equal_shares_apart_and_lends_to_empty_bins():
    label = np.array([0, 1, 0, 1, 0, 0, 1, 1])
    energy = np.array([1.0, 1.0, 3.0, 3.0, 9.0, 9.0, 9.0, 9.0])
    weight = np.array([1, 1, 3, 1, 1, 1, 1, 1.0])
    sample = table(label, energy, weight).assign(split="train")
    fitted = baselines.fit(model(BINNED), sample, None, CLASSES, 1, False)
    asked = table(np.zeros(6, int), [1.0, 3.0, 9.0, -1.0, 6.0, 20.0])
    # Bin 3 (6 keV) is empty, as far from bin 2 as from bin 4: the lower one answers.
    np.testing.assert_allclose(fitted.probabilities(asked)[:, 0], [0.5, 0.75, 0.5, 0.5, 0.75, 0.5])


def test_binned_uses_the_training_events_alone():
    sample = table(np.array([0, 1, 1, 1] * 5), np.full(20, 1.0))
    fitted = baselines.fit(model(BINNED), sample, None, CLASSES, 1, False)
    np.testing.assert_allclose(fitted.probabilities(sample), 0.5)


def test_binned_refuses_nan_and_unknown_columns():
    sample = table(np.array([0, 1, 0, 1]), [1.0, np.nan, 2.0, 3.0])
    with pytest.raises(RunsieveError, match="energy is NaN in 1 of"):
        baselines.fit(model(BINNED), sample, None, CLASSES, 1, False)
    with pytest.raises(RunsieveError, match="no column energy"):
        baselines.fit(model(BINNED), sample.drop(columns="energy"), None, CLASSES, 1, False)


def test_gradient_boosting_separates_pulse_shapes_and_repeats_itself():
    sample, array = pulses()
    fitted, again = (
        baselines.fit(model(BOOSTED), sample, array, CLASSES, 1, False) for _ in range(2)
    )
    probabilities = fitted.probabilities(sample, array)
    assert ((probabilities[:, 0] > 0.5) == (sample["label"] == 0)).mean() > 0.98
    np.testing.assert_array_equal(probabilities, again.probabilities(sample, array))


@pytest.mark.parametrize("matched", [False, True])
def test_likelihood_ratio_is_the_posterior(matched):
    rng = np.random.default_rng(1)
    sample = table(rng.integers(0, 2, 80), weight=rng.uniform(0.5, 2, 80))
    array = rng.normal(0, 3, (80, 2)).astype(np.float32)
    fitted = baselines.fit(model(RATIO), sample, array, CLASSES, 1, matched)
    training = sample[sample["split"] == "train"].groupby("label")["weight"].sum()
    ratio = array[::-1, 0].astype(float) + (0 if matched else array[::-1, 1])
    posterior = 1 / (1 + np.exp(-(ratio + np.log(training[0] / training[1]))))
    probabilities = fitted.probabilities(sample, array)
    np.testing.assert_allclose(probabilities[:, 0], posterior, rtol=1e-6)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1)


def test_likelihood_ratio_needs_two_classes_and_finite_pairs():
    names = ["up", "down", "background"]
    sample = table(np.arange(24) % 3, classes=names)
    with pytest.raises(RunsieveError, match="of two classes, found 3: up, down, background"):
        baselines.fit(model(RATIO), sample, np.zeros((24, 2)), names, 1, False)
    sample = table(np.arange(8) // 4)
    fitted = baselines.fit(model(RATIO), sample, np.zeros((8, 2)), CLASSES, 1, False)
    with pytest.raises(RunsieveError, match="1 events with NaN or infinity"):
        fitted.probabilities(sample, np.array([[0.0, np.inf]] + [[0.0, 0.0]] * 7))
    with pytest.raises(RunsieveError, match=r"found the shape \(3,\)"):
        fitted.probabilities(sample, np.zeros((8, 3)))
    with pytest.raises(RunsieveError, match="needs the array of input ratio"):
        fitted.probabilities(sample)


@pytest.mark.parametrize("dictionary", [BINNED, BOOSTED, RATIO], ids=lambda d: d["type"])
def test_a_saved_baseline_gives_the_same_probabilities(dictionary, tmp_path):
    sample, array = pulses()
    array = np.zeros((len(sample), 2)) if dictionary is RATIO else array
    fitted = baselines.fit(model(dictionary), sample, array, CLASSES, 1, False)
    baselines.save(fitted, tmp_path / "model.skops")
    again = baselines.load(tmp_path / "model.skops")
    assert again.settings == model(dictionary)
    np.testing.assert_array_equal(
        fitted.probabilities(sample, array), again.probabilities(sample, array)
    )


def test_a_file_with_foreign_types_is_refused(tmp_path):
    foreign = SimpleNamespace(settings=BINNED)
    skops.io.dump({"settings": BINNED, "estimator": foreign}, tmp_path / "model.skops")
    with pytest.raises(RunsieveError, match=r"found types\.SimpleNamespace"):
        baselines.load(tmp_path / "model.skops")


def test_a_class_without_events_is_named():
    sample, array = pulses()
    sample = sample[(sample["split"] != "validation") | (sample["label"] == 1)]
    with pytest.raises(RunsieveError, match="class signal has no event in the validation split"):
        baselines.fit(model(BOOSTED), sample, array, CLASSES, 1, False)


def test_scripts_fit_and_score(tmp_path):
    import score_baseline

    import fit_baseline

    sample = table(np.arange(40) % 3 % 2, np.linspace(0, 10, 40))
    sample.to_parquet(tmp_path / "events.parquet")
    fit_baseline.main(
        SimpleNamespace(
            input=SimpleNamespace(events=tmp_path / "events.parquet", arrays=[]),
            output=SimpleNamespace(model=tmp_path / "model.skops"),
            params=SimpleNamespace(model=BINNED, classes=CLASSES, seed=1, matched=False),
            threads=1,
            log=[tmp_path / "fit.log"],
        )
    )
    score_baseline.main(
        SimpleNamespace(
            input=SimpleNamespace(
                events=tmp_path / "events.parquet", model=tmp_path / "model.skops", arrays=[]
            ),
            output=SimpleNamespace(scores=tmp_path / "scores.parquet"),
            params=SimpleNamespace(variable=None),
            threads=1,
            log=[tmp_path / "score.log"],
        )
    )
    scores = pd.read_parquet(tmp_path / "scores.parquet")
    assert list(scores.columns) == [
        "run", "event", "channel", "class", "split", "p_signal", "p_background",
    ]  # fmt: skip
    assert len(scores) == 40
