"""What a search maximises: the AUC on validation events, with no look at a test event."""

import numpy as np
import pandas as pd
import pytest

from helpers.samples import labelled_events
from runsieve.errors import RunsieveError
from runsieve.samples.sample_files import FitSample, open_sample
from runsieve.tuning.objective import SEEN, objective_of

NETWORK = {
    "type": "network",
    "towers": {"values": {}},
    "dense": {"units": [8]},
    "training": {"epochs": 3, "batch_size": 16, "threads": 1},
    "calibration": "isotonic",
}
TREES = {"type": "gradient_boosting", "inputs": ["values"], "iterations": 20}


class Told:
    """The course of a trial, as far as an objective tells it."""

    def __init__(self):
        self.values, self.parameters = [], None

    def report(self, value):
        self.values.append(value)

    def weigh(self, parameters):
        self.parameters = parameters


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """Event table and array on disk; the values of test events are not finite."""
    folder, rng = tmp_path_factory.mktemp("sample"), np.random.default_rng(1)
    label = rng.integers(0, 2, 300)
    events = labelled_events(label, ["signal", "background"])
    events["split"] = np.array(["train", "test", "validation"])[np.arange(300) % 3]
    values = rng.normal(size=(300, 4)).astype(np.float32)
    values[:, 0] += 1.5 * label
    values[events["split"] == "test"] = np.nan
    events.to_parquet(folder / "events.parquet")
    np.save(folder / "values.npy", values)
    return folder / "events.parquet", folder / "values.npy"


@pytest.fixture
def sample(files):
    return FitSample(*open_sample(files[0], files[1:], SEEN), ["signal", "background"])


def test_test_events_are_not_in_the_table(files):
    events, arrays = open_sample(files[0], files[1:], SEEN)
    assert set(events["split"]) == {"train", "validation"}
    whole = pd.read_parquet(files[0])
    expected = whole[whole["split"] != "test"].reset_index(drop=True)
    pd.testing.assert_frame_equal(events, expected)
    assert len(arrays["values"]) == 300


def test_a_network(sample):
    objective, one = objective_of(NETWORK, sample, 1), Told()
    value = objective({"dense.units": [4]}, one)
    assert len(one.values) == 3
    assert value in one.values
    assert 0.5 < value <= 1
    assert one.parameters == 4 * 4 + 4 + 4 * 2 + 2
    again = Told()
    assert objective({"dense.units": [4]}, again) == value
    assert again.values == one.values


def test_a_baseline(sample):
    told = Told()
    value = objective_of(TREES, sample, 1)({"learning_rate": 0.2}, told)
    assert told.values == [value]
    assert told.parameters is None
    assert 0.5 < value <= 1


def test_settings_that_do_not_go_together(sample):
    with pytest.raises(RunsieveError, match=r"dense: dropout has 1 values for 2 hidden layers"):
        objective_of(NETWORK, sample, 1)({"dense.units": [4, 4], "dense.dropout": [0.1]}, Told())
