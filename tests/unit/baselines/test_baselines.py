"""Baselines by hand: what each sees, what it learns, and that a file gives it back."""

import zipfile
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import skops.io
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

import fit_baseline
import score_model
from runsieve.baselines import baseline
from runsieve.baselines.classifiers import binned, gradient_boosting
from runsieve.baselines.registry import validated
from runsieve.computing import THREADS
from runsieve.config.inputs import Input
from runsieve.config.pulse import BaselineSamples, Pulse
from runsieve.errors import RunsieveError
from runsieve.samples.sample_files import FitSample

CLASSES = ["signal", "background"]
BINNED = {"type": "binned", "column": "energy", "edges": {"start": 0, "stop": 10, "step": 2.5}}
BOOSTED = {
    "type": "gradient_boosting",
    "inputs": ["waveform"],
    "iterations": 20,
    "features": {
        "type": "pulse_shape",
        "sample_ns": 2.0,
        "onset": 100,
        "cluster_threshold": 10.0,
    },
}
RATIO = {"type": "likelihood_ratio", "input": "ratio"}
PULSES = {"waveform": Pulse(segments=2, baseline=BaselineSamples(samples=(0, 80)))}


def fitted_to(dictionary, events, arrays=None, classes=CLASSES, matched=False, pulses=PULSES):
    """A baseline from plain settings, fitted with seed 1."""
    sample = FitSample(events, arrays or {}, classes, matched, pulses)
    return baseline.fit(validated(dictionary), sample, 1)


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
    fitted = fitted_to(BINNED, sample, classes=names)
    bins = np.digitize(sample["energy"], [0, 2.5, 5, 7.5, 10])
    shares = sample.pivot_table(
        index=bins, columns="label", values="weight", aggfunc="sum", fill_value=0.0
    )
    shares = shares.div(shares.sum(axis=1), axis=0).loc[bins].to_numpy()
    np.testing.assert_allclose(fitted.probabilities(sample, {}), shares, atol=1e-9)


def test_binned_keeps_a_bin_of_equal_shares_apart_and_lends_to_empty_bins():
    label = np.array([0, 1, 0, 1, 0, 0, 1, 1])
    energy = np.array([1.0, 1.0, 3.0, 3.0, 9.0, 9.0, 9.0, 9.0])
    weight = np.array([1, 1, 3, 1, 1, 1, 1, 1.0])
    sample = table(label, energy, weight).assign(split="train")
    fitted = fitted_to(BINNED, sample)
    asked = table(np.zeros(6, int), [1.0, 3.0, 9.0, -1.0, 6.0, 20.0])
    # Bin 3 (6 keV) is empty, as far from bin 2 as from bin 4: the lower one answers.
    np.testing.assert_allclose(
        fitted.probabilities(asked, {})[:, 0], [0.5, 0.75, 0.5, 0.5, 0.75, 0.5]
    )


def laplace(sample, asked, edges):
    """(n_k + 1) / (n + K) of the training events in the bin of each event, by hand."""
    training = sample[sample["split"] == "train"]
    result = []
    for energy in asked["energy"]:
        low = max((edge for edge in edges if edge <= energy), default=-np.inf)
        high = min((edge for edge in edges if edge > energy), default=np.inf)
        inside = training[(training["energy"] >= low) & (training["energy"] < high)]
        counts = [inside["weight"][inside["label"] == label].sum() for label in range(2)]
        result.append([(count + 1) / (sum(counts) + 2) for count in counts])
    return np.array(result)


@pytest.mark.parametrize(
    ("label", "energy", "weight"),
    [
        ([0, 1, 0, 1], [1.0, 1.0, 3.0, 3.0], [1.0, 1.0, 1.0, 1.0]),
        ([0, 1, 0, 1, 1], [1.0, 1.0, 3.0, 3.0, 20.0], [5.0, 0.5, 2.0, 7.0, 3.0]),
        ([0, 0, 1, 0, 1, 1], [-3.0, 1.0, 1.0, 3.0, 3.0, 9.0], [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]),
        ([0, 0, 1, 1, 1], [1.0, 3.0, 6.0, 9.0, 9.0], [1.0, 1.0, 1.0, 1.0, 1.0]),
    ],
    ids=["equal shares", "weights", "pure bins apart", "pure bins side by side"],
)
def test_smoothed_fractions_follow_laplaces_rule(label, energy, weight):
    sample = table(np.array(label), energy, weight).assign(split="train")
    config = validated(BINNED)
    found = binned.smoothed_fractions(config, FitSample(sample, {}, CLASSES), sample)
    np.testing.assert_allclose(found, laplace(sample, sample, config.edges.array()))
    np.testing.assert_allclose(found.sum(axis=1), 1)


def test_smoothed_fractions_of_an_empty_bin_are_those_of_the_nearest():
    sample = table(np.array([0, 1, 1, 1]), [1.0, 1.0, 1.0, 9.0]).assign(split="train")
    asked = table(np.zeros(4, int), [-9.0, 3.0, 6.0, 20.0])
    found = binned.smoothed_fractions(validated(BINNED), FitSample(sample, {}, CLASSES), asked)
    # 3 keV is one bin from the first and two from the last, 6 keV the other way round.
    np.testing.assert_allclose(found[:, 0], [2 / 5, 2 / 5, 1 / 3, 1 / 3])


def test_binned_uses_the_training_events_alone():
    sample = table(np.array([0, 1, 1, 1] * 5), np.full(20, 1.0))
    fitted = fitted_to(BINNED, sample)
    np.testing.assert_allclose(fitted.probabilities(sample, {}), 0.5)


def test_binned_refuses_nan_and_unknown_columns():
    sample = table(np.array([0, 1, 0, 1]), [1.0, np.nan, 2.0, 3.0])
    with pytest.raises(RunsieveError, match="energy is NaN in 1 of"):
        fitted_to(BINNED, sample)
    with pytest.raises(RunsieveError, match="no column energy"):
        fitted_to(BINNED, sample.drop(columns="energy"))


def test_gradient_boosting_separates_pulse_shapes_and_repeats_itself():
    sample, array = pulses()
    arrays = {"waveform": array}
    fitted, again = (fitted_to(BOOSTED, sample, arrays) for _ in range(2))
    probabilities = fitted.probabilities(sample, arrays)
    assert ((probabilities[:, 0] > 0.5) == (sample["label"] == 0)).mean() > 0.98
    np.testing.assert_array_equal(probabilities, again.probabilities(sample, arrays))


def boosted(**more):
    return {"type": "gradient_boosting", "iterations": 20, **more}


def test_gradient_boosting_on_columns_sees_nothing_else():
    sample, _ = pulses()
    sample["energy"] = np.where(sample["label"] == 0, 1.0, 3.0)
    config = boosted(columns=["energy", "channel"])
    fitted = fitted_to(config, sample)
    assert validated(config).inputs_seen() == []
    assert validated(config).columns_seen() == {"columns": ["energy", "channel"]}
    probabilities = fitted.probabilities(sample, {})
    assert ((probabilities[:, 0] > 0.5) == (sample["label"] == 0)).all()
    np.testing.assert_array_equal(
        gradient_boosting.observables(fitted.settings, sample, {}, {}),
        sample[["energy", "channel"]].to_numpy(float),
    )


def test_gradient_boosting_without_features_sees_the_values_of_an_input():
    sample, array = pulses()
    arrays = {"waveform": array.reshape(len(array), 2, 600)[:, :, 90:140]}
    fitted = fitted_to(boosted(inputs=["waveform"]), sample, arrays, pulses={})
    probabilities = fitted.probabilities(sample, arrays)
    assert ((probabilities[:, 0] > 0.5) == (sample["label"] == 0)).mean() > 0.98
    np.testing.assert_array_equal(
        gradient_boosting.observables(fitted.settings, sample, arrays, {}),
        arrays["waveform"].reshape(len(array), -1)[sample["row"]],
    )


@pytest.mark.parametrize("settings", [BOOSTED, {"inputs": ["waveform"], "features": None}])
def test_a_negative_pulse_gives_the_scores_of_a_positive_one(tmp_path, settings):
    sample, array = pulses()
    measured = PULSES["waveform"]
    downwards = measured.model_copy(update={"polarity": "negative"})
    found = []
    for pulse, raw in ((measured, array), (downwards, (4000 - array).astype(np.uint16))):
        fitted = fitted_to(
            BOOSTED | settings, sample, {"waveform": raw}, pulses={"waveform": pulse}
        )
        found.append(fitted.probabilities(sample, {"waveform": raw}))
        # Whoever loads the model gives it the raw values, too.
        baseline.save(fitted, tmp_path / "model.skops")
        loaded = baseline.load(tmp_path / "model.skops")
        assert loaded.pulses == {"waveform": pulse}
        assert (loaded.probabilities(sample, {"waveform": raw}) == found[-1]).all()
    np.testing.assert_allclose(*found, atol=1e-6)


def test_gradient_boosting_joins_inputs_and_columns_in_their_order():
    rng = np.random.default_rng(2)
    # Neither input tells the classes apart by itself: a signal has a positive value in both.
    one, two = rng.choice([-1.0, 1.0], (2, 400))
    sample = table(np.where((one > 0) & (two > 0), 0, 1), rng.normal(size=400))
    arrays = {"first": rng.normal(size=(400, 3)), "second": rng.normal(size=(400, 2, 2))}
    arrays["first"][sample["row"], 1] = one
    arrays["second"][sample["row"], 1, 0] = two
    config = boosted(inputs=["second", "first"], columns=["energy"], learning_rate=0.3)
    fitted = fitted_to(config, sample, arrays)
    rows = sample["row"]
    expected = [arrays["second"].reshape(-1, 4)[rows], arrays["first"][rows], sample[["energy"]]]
    seen = gradient_boosting.observables(fitted.settings, sample, arrays, {})
    np.testing.assert_array_equal(seen, np.concatenate(expected, axis=1))
    probabilities = fitted.probabilities(sample, arrays)
    assert ((probabilities[:, 0] > 0.5) == (sample["label"] == 0)).mean() > 0.98


def test_features_are_computed_from_each_input():
    sample, array = pulses()
    arrays = {"first": array, "second": array[::-1].copy()}
    config = validated(BOOSTED | {"inputs": ["first", "second"]})
    found = dict.fromkeys(arrays, PULSES["waveform"])
    seen = gradient_boosting.observables(config, sample, arrays, found)
    alone = [
        gradient_boosting.observables(
            validated(BOOSTED | {"inputs": [name]}), sample, arrays, found
        )
        for name in arrays
    ]
    np.testing.assert_array_equal(seen, np.concatenate(alone, axis=1))
    assert config.modules() == ["runsieve/baselines/features/pulse_shape.py"]


def test_a_single_input_or_column_needs_no_list():
    config = validated(boosted(inputs="waveform", columns="energy"))
    assert config == validated(boosted(inputs=["waveform"], columns=["energy"]))


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({}, "give inputs or columns that the trees see"),
        (
            {"columns": ["energy"], "features": BOOSTED["features"]},
            "features are computed from inputs; none is given",
        ),
    ],
)
def test_gradient_boosting_must_see_something(more, sentence):
    with pytest.raises(ValidationError, match=sentence):
        validated(boosted(**more))


def test_pulse_shapes_of_an_input_of_columns_are_refused():
    config = validated(BOOSTED | {"inputs": ["waveform", "both"]})
    inputs = {
        "waveform": Input(branches=["wave"], shape=[1200], baseline=0),
        "both": Input(columns=["energy", "time"]),
    }
    assert list(config.problems(inputs)) == [
        (
            "features",
            "input 'both': pulse shapes are those of waveforms, but it is made of columns",
        )
    ]
    plain = validated(boosted(inputs=["both"]))
    assert list(plain.problems(inputs)) == []


@pytest.mark.parametrize("matched", [False, True])
def test_likelihood_ratio_is_the_posterior(matched):
    rng = np.random.default_rng(1)
    sample = table(rng.integers(0, 2, 80), weight=rng.uniform(0.5, 2, 80))
    array = rng.normal(0, 3, (80, 2)).astype(np.float32)
    fitted = fitted_to(RATIO, sample, {"ratio": array}, matched=matched)
    training = sample[sample["split"] == "train"].groupby("label")["weight"].sum()
    ratio = array[::-1, 0].astype(float) + (0 if matched else array[::-1, 1])
    posterior = 1 / (1 + np.exp(-(ratio + np.log(training[0] / training[1]))))
    probabilities = fitted.probabilities(sample, {"ratio": array})
    np.testing.assert_allclose(probabilities[:, 0], posterior, rtol=1e-6)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1)


def test_likelihood_ratio_needs_two_classes_and_finite_pairs():
    names = ["up", "down", "background"]
    sample = table(np.arange(24) % 3, classes=names)
    with pytest.raises(RunsieveError, match="needs two classes, found 3: up, down, background"):
        fitted_to(RATIO, sample, {"ratio": np.zeros((24, 2))}, names)
    sample = table(np.arange(8) // 4)
    fitted = fitted_to(RATIO, sample, {"ratio": np.zeros((8, 2))})
    with pytest.raises(RunsieveError, match="1 events with NaN or infinity"):
        fitted.probabilities(sample, {"ratio": np.array([[0.0, np.inf]] + [[0.0, 0.0]] * 7)})
    with pytest.raises(RunsieveError, match=r"found the shape \(3,\)"):
        fitted.probabilities(sample, {"ratio": np.zeros((8, 3))})


@pytest.mark.parametrize(
    "dictionary",
    [BINNED, BOOSTED, boosted(columns=["energy"]), RATIO],
    ids=["binned", "boosted features", "boosted columns", "likelihood ratio"],
)
def test_a_saved_baseline_gives_the_same_probabilities(dictionary, tmp_path):
    sample, array = pulses()
    arrays = {"waveform": array, "ratio": np.zeros((len(sample), 2))}
    fitted = fitted_to(dictionary, sample, arrays)
    baseline.save(fitted, tmp_path / "model.skops")
    again = baseline.load(tmp_path / "model.skops")
    assert again.settings == validated(dictionary)
    np.testing.assert_array_equal(
        fitted.probabilities(sample, arrays), again.probabilities(sample, arrays)
    )


@pytest.mark.parametrize("dictionary", [BINNED, BOOSTED], ids=["binned", "boosted"])
def test_the_same_baseline_gives_the_same_file(dictionary, tmp_path):
    """Neither the time nor addresses in memory are in it."""
    for name in ("one", "other"):
        folder = tmp_path / name
        folder.mkdir()
        kept = [object() for _ in range(1000 if name == "other" else 0)]
        sample, array = pulses()
        fitted = fitted_to(dictionary, sample, {"waveform": array})
        baseline.save(fitted, folder / "model.skops")
        with zipfile.ZipFile(folder / "model.skops") as archive:
            assert {part.date_time[0] for part in archive.infolist()} == {1980}
        del kept
    one, other = (tmp_path / name / "model.skops" for name in ("one", "other"))
    assert one.read_bytes() == other.read_bytes()


def test_a_file_with_foreign_types_is_refused(tmp_path):
    foreign = SimpleNamespace(settings=BINNED)
    skops.io.dump({"settings": BINNED, "estimator": foreign}, tmp_path / "model.skops")
    with pytest.raises(RunsieveError, match=r"found types\.SimpleNamespace"):
        baseline.load(tmp_path / "model.skops")


def test_a_class_without_events_is_named():
    sample, array = pulses()
    sample = sample[(sample["split"] != "validation") | (sample["label"] == 1)]
    with pytest.raises(RunsieveError, match="class signal has no event in the validation split"):
        fitted_to(BOOSTED, sample, {"waveform": array})


def test_scripts_fit_and_score(tmp_path, monkeypatch):
    for name in (*THREADS, "TF_DETERMINISTIC_OPS"):
        monkeypatch.setenv(name, "")
    sample = table(np.arange(40) % 3 % 2, np.linspace(0, 10, 40))
    sample.to_parquet(tmp_path / "events.parquet")
    fit_baseline.main(
        SimpleNamespace(
            input=SimpleNamespace(events=tmp_path / "events.parquet", arrays=[]),
            output=SimpleNamespace(model=tmp_path / "model.skops"),
            params=SimpleNamespace(model=BINNED, classes=CLASSES, seed=1, matched=False, pulses={}),
            threads=1,
            log=[tmp_path / "fit.log"],
        )
    )
    score_model.main(
        SimpleNamespace(
            input=SimpleNamespace(
                events=tmp_path / "events.parquet",
                model=tmp_path / "model.skops",
                arrays=[],
                truth=[],
            ),
            output=SimpleNamespace(scores=tmp_path / "scores.parquet"),
            params=SimpleNamespace(
                scorer="runsieve.baselines.baseline", user_files=[], variable=None
            ),
            threads=1,
            log=[tmp_path / "score.log"],
        )
    )
    scores = pd.read_parquet(tmp_path / "scores.parquet")
    assert list(scores.columns) == [
        "run", "event", "channel", "class", "split", "weight", "p_signal", "p_background",
    ]  # fmt: skip
    assert len(scores) == 40
