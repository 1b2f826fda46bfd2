"""Every diagnosis fires where it should, on networks made to have the fault, and is silent else."""

import json
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from runsieve.config.report import Report
from runsieve.losses import recalls
from runsieve.networks.architectures.network import Network
from runsieve.networks.batches import Mixing
from runsieve.networks.building import Seen, build
from runsieve.networks.diagnoses.meaning import MEANINGS
from runsieve.networks.diagnosis import EXPLAINS, diagnose, say
from runsieve.networks.masking import Masked
from runsieve.networks.observations import Finished, Observations, Scored, observe
from runsieve.networks.shifts import Shift
from runsieve.networks.training import train
from runsieve.samples.sample_files import FitSample

CLASSES = ["signal", "background"]
EVENTS, VALUES = 1200, 48
REPORT = Report.model_validate({"variable": "energy", "edges": {"start": 0, "stop": 10, "step": 1}})


def sample(shift: float = 0.0, leak: bool = False, noise: bool = False):
    """Pulses of two lengths; `shift` moves validation, with `leak` only the energy tells."""
    rng = np.random.default_rng(5)
    label = rng.integers(0, 2, EVENTS)
    split = np.array(["train", "validation", "test"])[np.arange(EVENTS) % 3]
    array = rng.normal(0, 1, (EVENTS, VALUES)).astype(np.float32)
    energy = rng.uniform(0, 10, EVENTS)
    if leak:
        energy = np.where(label == 0, rng.uniform(3, 10, EVENTS), rng.uniform(0, 5, EVENTS))
        array += (energy / 10)[:, None].astype(np.float32)
    elif not noise:
        array[:, 10:14] += 2
        array[label == 0, 14:30] += 2
    array[split == "validation"] += shift
    events = pd.DataFrame(
        {
            "class": np.array(CLASSES)[label],
            "label": label,
            "split": split,
            "weight": 1.0,
            "row": np.arange(EVENTS),
            "energy": energy,
            "run": 1 + np.arange(EVENTS) // 3 % 2,
        }
    )
    return events, {"pulse": array}


def settings(units=(16,), normalisation=None, scale=1.0, **training) -> Network:
    return Network.model_validate(
        {
            "type": "network",
            "towers": {"pulse": {"scaling": {"scale": scale}}},
            "dense": {"units": list(units), "normalisation": normalisation},
            "training": {
                "epochs": 8,
                "batch_size": 32,
                "learning_rate": 0.003,
                "precision": "float32",
                **training,
            },
        }
    )


def diagnosed(network: Network, events: pd.DataFrame, arrays) -> dict:
    """Name: diagnosis, of a network that is trained here."""
    fitted_to = FitSample(events, arrays, CLASSES)
    trained = train(network, fitted_to, 1)
    finished = Finished(trained.network, trained.last, trained.history, trained.facts())
    seen = observe(finished, network, fitted_to, 1, REPORT)
    found = diagnose(seen)
    json.dumps(say(found), allow_nan=False)  # all of it can be written
    return {one.name: one for one in found}


def fired(found: dict) -> set[str]:
    return {name for name, one in found.items() if one.fired}


BATCH = {"type": "batch", "momentum": 0.9}


@pytest.mark.parametrize("normalisation", [None, BATCH], ids=["plain", "batch"])
def test_all_are_silent_for_a_network_that_learns(normalisation):
    found = diagnosed(settings(normalisation=normalisation), *sample())
    assert fired(found) == set()
    assert len(found) == 10


def test_a_dead_network():
    found = diagnosed(settings(learning_rate=1e-9, scale=1e6), *sample())
    assert "dead_network" in fired(found)
    assert "one_class" not in fired(found)
    assert found["dead_network"].value < found["dead_network"].limit
    assert "0.693" in found["dead_network"].finding


def test_a_network_that_gives_all_to_one_class():
    events, arrays = sample()
    events["weight"] = np.where(events["label"] == 0, 1000.0, 1.0)
    blur = np.random.default_rng(6).normal(0, 6, arrays["pulse"].shape).astype(np.float32)
    found = diagnosed(settings(units=(2,)), events, {"pulse": arrays["pulse"] + blur})
    assert "one_class" in fired(found)
    assert "dead_network" not in fired(found)


def test_statistics_behind_the_weights():
    slow = {"type": "batch", "momentum": 0.9999}
    events, arrays = sample()
    arrays = {"pulse": 5 * arrays["pulse"] + 40}
    found = diagnosed(settings(normalisation=slow, epochs=4), events, arrays)
    assert {"statistics_behind"} <= fired(found)
    assert not {"unmixed_batches", "different_scaling"} & fired(found)


def test_batches_sorted_by_class_with_batch_normalisation():
    events, arrays = sample()
    events = events.sort_values("label", ignore_index=True)
    network = settings(normalisation=BATCH, shuffle=False, epochs=6, keep="last")
    found = diagnosed(network, events, arrays)
    assert "unmixed_batches" in fired(found)
    assert "different_scaling" not in fired(found)


def test_another_scaling_of_the_validation_events():
    found = diagnosed(settings(normalisation=BATCH), *sample(shift=3.0))
    assert "different_scaling" in fired(found)
    assert not {"unmixed_batches", "statistics_behind"} & fired(found)


def test_overfitting():
    found = diagnosed(settings(units=(64, 64), epochs=30), *sample(noise=True))
    assert "overfitting" in fired(found)


def test_no_better_than_the_energy():
    found = diagnosed(settings(epochs=12), *sample(leak=True))
    assert "not_better_than_binned" in fired(found)
    assert "dead_network" not in fired(found)


def fresh(network: Network, values: int = VALUES) -> Finished:
    """A network that was never trained."""
    seen = Seen({"pulse": (values,)}, {"pulse": "float32"}, CLASSES)
    return Finished(build(network, seen), [], history(), {})


def test_the_network_is_compared_with_class_fractions_in_bins_of_the_variable():
    events, arrays = sample()
    training = events[events["split"] == "train"]
    counts = np.ones((10, 2))  # one event more in each, so that no fraction is zero
    np.add.at(counts, (training["energy"].astype(int), training["label"]), training["weight"])
    fitted_to = FitSample(events, arrays, CLASSES)
    found = observe(fresh(settings()), settings(), fitted_to, 1, REPORT)
    chosen = events[events["split"] == "validation"].sample(frac=1, random_state=1)
    assert found.binned.labels.tolist() == found.validation.labels.tolist()
    assert found.binned.labels.tolist() == chosen["label"].tolist()
    fractions = counts / counts.sum(axis=1, keepdims=True)
    expected = fractions[chosen["energy"].astype(int)]
    np.testing.assert_allclose(found.binned.probabilities, expected)


def test_events_without_a_number_in_the_variable_are_compared_too():
    """Reports count them as outside of the bins."""
    events, arrays = sample()
    events.loc[::7, "energy"] = np.nan
    fitted_to = FitSample(events, arrays, CLASSES)
    found = observe(fresh(settings()), settings(), fitted_to, 1, REPORT)
    assert len(found.binned.labels) == len(found.validation.labels)
    np.testing.assert_allclose(found.binned.probabilities.sum(axis=1), 1)


def test_without_a_variable_nothing_is_compared():
    events, arrays = sample()
    fitted_to = FitSample(events, arrays, CLASSES)
    unbinned = Report(variable=None)
    assert observe(fresh(settings()), settings(), fitted_to, 1, unbinned).binned is None


def history(**columns) -> pd.DataFrame:
    base = {
        "epoch": [1, 2, 3],
        "loss": [0.6, 0.4, 0.3],
        "val_loss": [0.6, 0.5, 0.4],
        "accuracy_a": [0.7, 0.8, 0.9],
        "accuracy_b": [0.7, 0.8, 0.9],
        "val_accuracy_a": [0.7, 0.8, 0.9],
        "val_accuracy_b": [0.7, 0.8, 0.9],
    }
    return pd.DataFrame(base | columns)


def good(count: int = 100) -> Scored:
    labels = np.arange(count) % 2
    right = np.where(labels == 0, 0.9, 0.1)
    probabilities = np.column_stack([right, 1 - right])
    return Scored(labels, probabilities, np.ones(count))


def test_validation_that_jumps_between_the_classes():
    columns = {"val_accuracy_a": [1.0, 0.02, 0.9], "val_accuracy_b": [0.0, 0.99, 0.9]}
    seen = Observations(history(**columns), good())
    found = {one.name: one for one in diagnose(seen)}
    assert fired(found) == {"jumping_validation"}
    assert found["jumping_validation"].finding.startswith("In epoch 1, 2 nearly all")


def test_what_is_written(capsys):
    seen = Observations(history(), good())
    content = say(diagnose(seen))
    assert content["warnings"] == []
    assert "no diagnosis fired" in capsys.readouterr().out
    names = [one["name"] for one in content["diagnoses"]]
    assert len(names) == len(set(names)) == 9
    seen = Observations(history(), good(), Mixing(50.0, 1.5))
    (warning,) = say(diagnose(seen))["warnings"]
    assert warning.startswith("The batches are not mixed")
    assert warning in capsys.readouterr().out


def test_scored():
    scored = good(4)
    assert scored.loss == pytest.approx(-math.log(0.9))
    assert scored.balanced_accuracy == 1
    weighted = Scored(np.array([0, 1]), np.array([[0.5, 0.5], [0.9, 0.1]]), np.array([3.0, 1.0]))
    assert weighted.loss == pytest.approx(-(3 * math.log(0.5) + math.log(0.1)) / 4)
    right = weighted.probabilities.argmax(axis=1) == weighted.labels
    assert recalls(right, weighted.labels, 2).tolist() == [[1, 0]]
    assert weighted.balanced_accuracy == 0.5


LOG = Path(__file__).parents[2] / "data/gbar_cnn_training_log.csv"


def study_log() -> pd.DataFrame:
    """The log of the study, in the columns of a history."""
    names = {"categorical_accuracy": "accuracy", "acc_dw": "accuracy_a", "acc_bg": "accuracy_b"}
    names |= {f"val_{old}": f"val_{new}" for old, new in names.items()}
    return pd.read_csv(LOG).rename(columns=names)


def test_jumps_explain_what_looks_like_overfitting_in_the_log_of_the_study():
    found = {one.name: one for one in diagnose(Observations(study_log(), good()))}
    assert fired(found) == {"jumping_validation"}
    assert found["overfitting"].value == pytest.approx(47.7752 / 0.6136)
    assert found["overfitting"].limit == 1.2
    assert found["overfitting"].explained_by == "jumping_validation"
    written = say(list(found.values()))
    assert "dropout" not in " ".join(written["warnings"])
    entries = {one["name"]: one for one in written["diagnoses"]}
    entry = entries["overfitting"]
    assert (entry["fired"], entry["explained_by"]) == (False, "jumping_validation")
    told = {name for name, one in entries.items() if "finding" in one}
    assert told == {"overfitting", "jumping_validation"}


def test_every_diagnosis_says_what_its_value_is_and_on_which_side_it_fires():
    values = {"loss": [0.5, 0.3, 0.6], "val_loss": [0.5, 0.3, 0.6]}
    for seen in (
        Observations(study_log(), good(), binned=good()),
        Observations(history(**values), good()),
    ):
        written = say(diagnose(seen))
        for one in written["diagnoses"]:
            assert len(one["value_is"]) > 20
            if one["fired"]:
                above = one["value"] > one["limit"]
                assert one["fires"] == ("above the limit" if above else "below the limit")
    assert {one.name for one in diagnose(Observations(study_log(), good(), binned=good()))} == set(
        MEANINGS
    )


def test_causes_come_before_what_they_explain():
    names = [one.name for one in diagnose(Observations(history(), good(), binned=good()))]
    for cause, effects in EXPLAINS.items():
        assert names.index(cause) < min(map(names.index, effects))


def test_a_cause_silences_the_jumps_too():
    columns = {"val_accuracy_a": [1.0, 0.02, 0.9], "val_accuracy_b": [0.0, 0.99, 0.9]}
    seen = Observations(history(**columns), good(), Mixing(50.0, 1.5))
    found = {one.name: one for one in diagnose(seen)}
    assert fired(found) == {"unmixed_batches"}
    assert found["jumping_validation"].explained_by == "unmixed_batches"


def test_a_training_loss_that_rises_means_a_high_rate():
    found = {one.name: one for one in diagnose(Observations(history(loss=[0.5, 0.3, 0.6]), good()))}
    assert fired(found) == {"rate_too_high"}
    assert found["rate_too_high"].value == pytest.approx(2)
    assert "in epoch 3" in found["rate_too_high"].finding


def test_losses_that_are_nearly_zero_neither_rise_nor_overfit():
    losses = {"loss": [0.1, 0.001, 0.005], "val_loss": [0.1, 0.002, 0.01]}
    low = {one.name: one for one in diagnose(Observations(history(**losses), good()))}
    assert fired(low) == set()
    assert low["rate_too_high"].value == pytest.approx(0.25)


def chance(count: int = 100) -> Scored:
    return Scored(np.arange(count) % 2, np.tile([0.6, 0.4], (count, 1)), np.ones(count))


@pytest.mark.parametrize(
    ("memory", "cause"), [(10.0, "rate_too_high"), (100.0, "statistics_behind")]
)
def test_statistics_lag_for_one_of_two_reasons(memory, cause):
    """Short statistics lag only behind weights that move too fast."""
    seen = Observations(history(), good(), last=chance(), recomputed=good(), memory=memory)
    found = {one.name: one for one in diagnose(seen)}
    assert fired(found) == {cause}
    assert found[cause].value == pytest.approx(0.5)


def test_the_gain_over_bins_has_an_error():
    found = {one.name: one for one in diagnose(Observations(history(), good(), binned=good()))}
    only = found["not_better_than_binned"]
    assert only.fired
    assert "not significantly better" in only.sentence
    assert "0.0000 ± 0.0000" in only.sentence


def shift(**values) -> Shift:
    base = {"mean": 0.0, "ratio": 1.0, "mean_p": 1.0, "ratio_p": 1.0}
    return Shift("pulse", "run 1 of class a", "run 2", **(base | values))


@pytest.mark.parametrize(
    ("values", "fires"),
    [
        ({"ratio": 4.0, "ratio_p": 1e-9}, True),
        ({"ratio": 0.25, "ratio_p": 1e-9}, True),
        ({"mean": -1.0, "mean_p": 1e-9}, True),
        ({"ratio": 4.0, "ratio_p": 0.01}, False),
        ({"ratio": 1.1, "ratio_p": 1e-9, "mean": 2.0}, False),
    ],
)
def test_runs_differ_if_this_is_large_and_significant(values, fires):
    seen = Observations(history(), good(), shifts=[shift(), shift(**values)])
    found = {one.name: one for one in diagnose(seen)}["different_scaling"]
    assert found.fired == fires
    assert not fires or "between run 1 of class a and run 2" in found.finding


@pytest.mark.parametrize(
    ("masked", "fires"),
    [
        (Masked(0.8, 0.02, 0.5, 0.02, "pulse"), True),
        (Masked(0.5, 0.02, 0.8, 0.02, "pulse"), True),
        (Masked(0.56, 0.02, 0.5, 0.02, "pulse"), False),
        (Masked(0.54, 0.001, 0.5, 0.02, "pulse"), False),
        (None, False),
    ],
)
def test_classes_told_apart_without_the_pulse(masked, fires):
    found = {one.name: one for one in diagnose(Observations(history(), good(), masked=masked))}
    only = found["too_good_to_be_true"]
    assert only.fired == fires
    assert not fires or "told apart without the pulse" in only.sentence


def test_a_gain_of_one_run_within_a_class_is_seen():
    """Both splits mix the runs, so that they look alike."""
    events, arrays = sample()
    louder = (events["run"] == 2) & (events["class"] == "signal")
    arrays["pulse"][louder] *= 4
    fitted_to = FitSample(events, arrays, CLASSES)
    seen = observe(fresh(settings()), settings(), fitted_to, 1, REPORT)
    found = {one.name: one for one in diagnose(seen)}["different_scaling"]
    assert found.fired
    assert "between run 1 of class signal and run 2" in found.finding
    assert seen.memory is None


@pytest.mark.parametrize("pattern", [0.0, 0.5])
def test_a_pattern_of_the_digitiser_that_goes_with_the_class(pattern):
    """Of period 8 and half an ADC count, below a noise of two."""
    events, arrays = sample()
    rng = np.random.default_rng(9)
    pulse = rng.normal(200, 2, (EVENTS, 160))
    pulse[:, 80:100] += rng.uniform(10, 60, EVENTS)[:, None]
    signal = (events["label"] == 0).to_numpy()[:, None]
    pulse += pattern * signal * np.tile([1, -1, 0.5, -0.5, 1, -1, 0, 0], 20)
    arrays = {"pulse": np.round(pulse).astype(np.int16)}
    network = fresh(settings(scale=40), 160)
    seen = observe(network, settings(scale=40), FitSample(events, arrays, CLASSES), 1, REPORT)
    found = {one.name: one for one in diagnose(seen)}["too_good_to_be_true"]
    assert found.value is not None
    assert found.fired == (pattern > 0)


def test_every_diagnosis_has_measured_rates():
    figures = pd.read_csv(Path(__file__).parents[3] / "benchmarks/diagnoses/figures.csv")
    names = {one.name for one in diagnose(Observations(history(), good(), binned=good()))}
    assert set(figures["diagnosis"]) == names
    assert (figures["toys"] == 200).all()
