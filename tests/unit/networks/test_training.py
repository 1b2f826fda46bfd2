"""Trainings repeat themselves, learn, say so, and end where something is wrong."""

import json
import os
import zipfile
from types import SimpleNamespace

import keras
import numpy as np
import pandas as pd
import pytest

import score_model
import train_network
from runsieve.computing import THREADS
from runsieve.config.pulse import BaselineSamples, Pulse
from runsieve.errors import RunsieveError
from runsieve.networks import training
from runsieve.networks.batches import Batches, order
from runsieve.networks.building import load_network
from runsieve.networks.class_accuracy import ClassAccuracy
from runsieve.networks.diagnoses.meaning import KEYS
from runsieve.networks.diagnosis import say
from runsieve.networks.prediction import predict
from runsieve.networks.registry import validated
from runsieve.networks.training import train
from runsieve.samples.sample_files import FitSample

CLASSES = ["signal", "background"]
PULSES = {"waveform": Pulse(segments=2, baseline=BaselineSamples(samples=(0, 4)))}


def settings(**changes):
    return {
        "type": "network",
        "towers": {"waveform": {"scaling": {"scale": 20.0}}},
        "dense": {"units": [8, 4], "dropout": [0.1, 0.0]},
        "training": {
            "epochs": 3,
            "batch_size": 32,
            "learning_rate": 0.01,
            "precision": "float32",
            **changes,
        },
    }


def sample(count=240, seed=1):
    """Signal has a pulse in both segments, background in one; rows are in another order."""
    rng = np.random.default_rng(seed)
    label = rng.integers(0, 2, count)
    row = rng.permutation(count)
    array = np.zeros((count, 32), np.uint16)
    array[row] = 250 + rng.integers(0, 5, (count, 32))
    array[row, 6:10] += 40
    array[row[label == 0], 22:26] += 40
    events = pd.DataFrame(
        {
            "run": 1601,
            "entry": np.arange(count),
            "event": np.arange(count),
            "channel": 3,
            "class": np.array(CLASSES)[label],
            "label": label,
            "energy": rng.uniform(0, 10, count),
            "split": np.array(["train", "validation", "test"])[np.arange(count) % 3],
            "weight": np.where(label == 0, 3.0, 1.0),
            "row": row,
        }
    )
    return events, array


def run(seed=1, **changes):
    trained = fit(*sample(), seed, **changes)
    return trained.network, trained.history


def fit(events, array, seed=1, *rest, **changes):
    sample = FitSample(events, {"waveform": array}, CLASSES, pulses=PULSES)
    return train(validated(settings(**changes)), sample, seed, *rest)


def test_same_seed_same_weights_and_another_seed_others():
    (first, history), (again, history_again), (other, _) = run(1), run(1), run(2)
    for one, two in zip(first.get_weights(), again.get_weights(), strict=True):
        np.testing.assert_array_equal(one, two)
    assert not np.array_equal(first.get_weights()[0], other.get_weights()[0])
    pd.testing.assert_frame_equal(history, history_again)


@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning:keras")
def test_the_same_training_gives_the_same_files(tmp_path):
    """Times are in training.json alone."""
    files = ["model.keras", "last.npz", "history.csv"]
    for name in ("one", "other"):
        folder = tmp_path / name
        keras.utils.clear_session()  # else layers are numbered on
        fit(*sample()).save(*(folder / file for file in (*files, "training.json")))
        with zipfile.ZipFile(folder / "model.keras") as archive:
            assert {part.date_time[0] for part in archive.infolist()} == {1980}
    for file in files:
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "other" / file).read_bytes()


def test_training_separates_the_classes_and_says_so(capsys):
    network, history = run(epochs=8, learning_rate=0.03, batch_size=16)
    assert list(history.columns) == [
        "epoch", "loss", "accuracy", "val_loss", "val_accuracy",
        "accuracy_signal", "val_accuracy_signal", "accuracy_background", "val_accuracy_background",
        "learning_rate",
    ]  # fmt: skip
    assert list(history["epoch"]) == list(range(1, 9))
    assert history["val_accuracy"].iloc[-1] > 0.95
    assert "epoch 8/8  loss" in capsys.readouterr().out
    assert not network.compiled


@pytest.mark.parametrize("keep", ["best", "last"])
def test_the_kept_weights_are_those_of_the_epoch(keep):
    events, array = sample()
    network, history = run(epochs=4, learning_rate=0.3, keep=keep)
    part = events[events["split"] == "validation"]
    chosen = predict(network, {"waveform": array}, part["row"].to_numpy())
    true = chosen[np.arange(len(part)), part["label"]]
    loss = np.average(-np.log(np.clip(true, 1e-7, 1)), weights=part["weight"])
    row = history.loc[history["val_loss"].idxmin()] if keep == "best" else history.iloc[-1]
    assert loss == pytest.approx(row["val_loss"], rel=1e-3)
    right = chosen.argmax(axis=1) == part["label"]
    assert right.mean() == pytest.approx(row["val_accuracy"])
    assert right[part["label"] == 0].mean() == pytest.approx(row["val_accuracy_signal"])
    assert right[part["label"] == 1].mean() == pytest.approx(row["val_accuracy_background"])


def test_accuracy_is_pooled_over_batches():
    metric = ClassAccuracy(["a", "b", "c"])
    metric.update_state(np.eye(3)[[0]], np.array([[0.9, 0.1, 0.0]]))
    metric.update_state(np.eye(3)[[0, 0, 1]], np.array([[0.1, 0.9, 0.0]] * 3))
    result = {name: float(value) for name, value in metric.result().items()}
    assert result["accuracy"] == pytest.approx(2 / 4)
    assert result["accuracy_a"] == pytest.approx(1 / 3)
    assert result["accuracy_b"] == 1
    assert np.isnan(result["accuracy_c"])


def test_every_event_is_seen_once_an_epoch_and_batches_are_mixed():
    events, array = sample()
    events = events.sort_values("label", ignore_index=True)
    batches = Batches({"waveform": array}, events.iloc[order(len(events), 1, 1)], 2, 100)
    seen = [batches[index] for index in range(len(batches))]
    assert [len(labels) for _, labels, _ in seen] == [100, 100, 40]
    assert all(0.2 < labels[:, 0].mean() < 0.8 for _, labels, _ in seen)
    raw = np.concatenate([raw for raw, _, _ in seen])
    np.testing.assert_array_equal(np.sort(raw, axis=0), np.sort(array, axis=0))
    assert np.concatenate([weights for *_, weights in seen]).mean() == pytest.approx(1)


def test_each_epoch_has_an_order_of_its_own():
    assert sorted(order(50, 1, 1)) == list(range(50))
    np.testing.assert_array_equal(order(50, 1, 2), order(50, 1, 2))
    assert not np.array_equal(order(50, 1, 1), order(50, 1, 2))
    assert not np.array_equal(order(50, 1, 1), order(50, 2, 1))


@pytest.mark.parametrize("split", ["train", "validation"])
def test_a_class_without_events_is_named(split):
    events, array = sample()
    events = events[(events["split"] != split) | (events["label"] == 0)]
    with pytest.raises(RunsieveError, match=f"class background has no event in the {split} split"):
        fit(events, array)


def test_a_weight_that_is_not_finite_ends_the_training():
    events, array = sample()
    array = array.astype(np.float32)
    array[events["row"].iloc[0], 0] = np.nan
    # Some processors make 0 of the ReLU of NaN, so that the loss is finite and a kernel is NaN.
    with pytest.raises(RunsieveError, match=r"(loss|kernel) is nan after epoch 1"):
        fit(events, array)


HIDDEN = """
import keras


@keras.saving.register_keras_serializable("tests")
class Hidden(keras.layers.Layer):
    def build(self, shape):
        start = keras.initializers.Constant(float("nan"))
        self.hidden = self.add_weight(shape=(), initializer=start, name="hidden")

    def call(self, values):
        return values + keras.ops.where(keras.ops.isnan(self.hidden), 0.0, self.hidden)


def build(inputs, classes):
    values = Hidden(name="layer")(keras.layers.Rescaling(0.01)(inputs["waveform"]))
    return keras.Model(inputs, keras.layers.Dense(len(classes), activation="softmax")(values))
"""


def test_a_weight_that_no_loss_shows_ends_the_training(tmp_path):
    """A dead network has a finite loss, so the weights themselves are looked at."""
    (tmp_path / "hidden.py").write_text(HIDDEN)
    config = {
        "type": "keras",
        "file": str(tmp_path / "hidden.py"),
        "inputs": ["waveform"],
        "training": settings()["training"],
    }
    events, array = sample()
    with pytest.raises(RunsieveError, match="layer/hidden is nan after epoch 1"):
        train(validated(config), FitSample(events, {"waveform": array}, CLASSES, pulses=PULSES), 1)


def test_a_loss_that_is_not_finite_ends_the_training():
    events, array = sample()
    chosen = validated(settings())
    # More than the configuration allows, so that one epoch is enough.
    wild = chosen.training.model_copy(update={"learning_rate": 1e30})
    chosen = chosen.model_copy(update={"training": wild})
    with pytest.raises(RunsieveError, match="loss is nan after epoch 1"):
        train(chosen, FitSample(events, {"waveform": array}, CLASSES, pulses=PULSES), 1)


def test_a_machine_of_another_precision_starts_again(tmp_path, monkeypatch, capsys):
    """`auto` is bfloat16 on one machine and float32 on another, with the same settings."""
    state = tmp_path / "resume.npz"

    def fitted_in(precision, *place):
        monkeypatch.setattr(training, "resolve", lambda _: precision)
        trained = fit(*sample(), 1, *place, precision="auto", epochs=2)
        return trained, capsys.readouterr().out

    fitted_in("mixed_bfloat16", state)
    again, printed = fitted_in("float32", state)
    assert "saved in mixed_bfloat16, but this machine trains in float32; the training" in printed
    assert "resuming" not in printed
    alone, _ = fitted_in("float32")
    for one, other in zip(again.last, alone.last, strict=True):
        np.testing.assert_array_equal(one, other)
    assert "resuming after epoch 2" in fitted_in("float32", state)[1]


@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning:keras")
def test_scripts_train_and_score(tmp_path, monkeypatch, capsys):
    for name in (*THREADS, "TF_DETERMINISTIC_OPS"):
        monkeypatch.setenv(name, "")
    events, array = sample()
    events.to_parquet(tmp_path / "events.parquet")
    np.save(tmp_path / "waveform.npy", array)
    inputs = {"events": tmp_path / "events.parquet", "arrays": [tmp_path / "waveform.npy"]}
    train_network.main(
        SimpleNamespace(
            input=SimpleNamespace(**inputs),
            output=SimpleNamespace(
                model=tmp_path / "model.keras",
                last=tmp_path / "last.npz",
                history=tmp_path / "history.csv",
                training=tmp_path / "training.json",
            ),
            params=SimpleNamespace(
                network=settings(),
                pulses={"waveform": PULSES["waveform"].model_dump()},
                classes=CLASSES,
                seed=1,
                code="",
                state=tmp_path / "resume.npz",
            ),
            threads=1,
            log=[tmp_path / "train.log"],
        )
    )
    assert len(pd.read_csv(tmp_path / "history.csv")) == 3
    assert (tmp_path / "resume.npz").exists()
    assert not (tmp_path / "resume.lock").exists()
    assert "epoch 3/3  loss" in capsys.readouterr().out
    assert os.environ["TF_NUM_INTRAOP_THREADS"] == "1"
    facts = json.loads((tmp_path / "training.json").read_text())
    assert facts["machine"]["threads"] == 1
    assert len(facts["epoch_seconds"]) == 3
    assert facts["seconds"] == pytest.approx(sum(facts["epoch_seconds"]), abs=0.05)
    score_model.main(
        SimpleNamespace(
            input=SimpleNamespace(model=tmp_path / "model.keras", truth=[], **inputs),
            output=SimpleNamespace(scores=tmp_path / "scores.parquet"),
            params=SimpleNamespace(
                scorer="runsieve.networks.prediction", user_files=[], variable="energy"
            ),
            threads=1,
            log=[tmp_path / "score.log"],
        )
    )
    scores = pd.read_parquet(tmp_path / "scores.parquet")
    assert list(scores["event"]) == list(events["event"])
    expected = predict(
        load_network(tmp_path / "model.keras"), {"waveform": array}, events["row"].to_numpy()
    )
    np.testing.assert_array_equal(scores[["p_signal", "p_background"]], expected)


@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning:keras")
def test_tensorboard_files_are_written_on_request(tmp_path):
    fit(*sample(), 1, tmp_path / "resume.npz", tensorboard=True)
    written = list((tmp_path / "tensorboard").rglob("events.out.tfevents.*"))
    assert written
    assert all(path.stat().st_size > 0 for path in written)


def test_the_rate_of_each_epoch_is_used_and_listed():
    _, history = run(warm_up=1, schedule="cosine")
    assert history["learning_rate"].tolist() == pytest.approx([0.005, 0.01, 0.005])


def test_a_training_stops_where_nothing_improves():
    _, history = run(epochs=50, learning_rate=1e-12, early_stopping=2, monitor="val_accuracy")
    assert len(history) == 3


@pytest.mark.parametrize("optimiser", ["adamw", "nadam", "rmsprop", "sgd"])
def test_optimisers_and_losses(optimiser):
    _, history = run(epochs=2, optimiser=optimiser, loss="focal", label_smoothing=0.1)
    assert history["loss"].iloc[1] < history["loss"].iloc[0]


def test_several_inputs_are_joined():
    events, array = sample()
    features = array[:, :4].astype(np.float32)
    towers = {
        "waveform": {"scaling": {"scale": 100.0}},
        "features": {"scaling": {"standardise": True}},
    }
    network = validated(settings(epochs=2) | {"towers": towers})
    arrays = {"waveform": array, "features": features}
    trained = train(network, FitSample(events, arrays, CLASSES), 1)
    scores = predict(trained.network, arrays, np.arange(len(array)))
    np.testing.assert_allclose(scores.sum(axis=1), 1, rtol=1e-5)
    facts = trained.facts()
    assert facts["epochs"] == 2
    assert set(facts | say([])) == {*KEYS, "keys"}
