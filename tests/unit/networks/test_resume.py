"""A training that is killed goes on, and ends as if nothing had happened."""

import os
import random
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from helpers import killed_training
from runsieve.code import SCRIPTS
from runsieve.networks.checkpoints import Checkpoint, State, training_key

EPOCHS = killed_training.EPOCHS
KILLS = 5


def start(folder: Path) -> subprocess.Popen:
    environment = os.environ | {"PYTHONPATH": str(SCRIPTS)}
    command = [sys.executable, "-u", killed_training.__file__, str(folder)]
    return subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )


def finish(folder: Path) -> tuple[list[np.ndarray], pd.DataFrame, str]:
    process = start(folder)
    printed, _ = process.communicate(timeout=300)
    assert process.returncode == 0, printed
    with np.load(folder / "weights.npz") as file:
        weights = [file[name] for name in file.files]
    return weights, pd.read_csv(folder / "history.csv"), printed


def kill_after(folder: Path, epoch: int, seconds: float) -> str:
    """Send SIGKILL some time after an epoch was finished; return what was printed."""
    with start(folder) as process:
        printed = ""
        for line in process.stdout:
            printed += line
            if line.startswith(f"epoch {epoch}/{EPOCHS}"):
                break
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(seconds)
        process.kill()
        assert process.wait() == -9
    return printed


def test_weights_are_the_same_after_five_kills(tmp_path):
    calm, disturbed = tmp_path / "calm", tmp_path / "disturbed"
    calm.mkdir()
    disturbed.mkdir()
    weights, history, _ = finish(calm)
    assert len(history) == EPOCHS
    assert not (history["learning_rate"] == history["learning_rate"][0]).all()
    chance = random.Random(7)
    for epoch in sorted(chance.sample(range(1, EPOCHS), KILLS)):
        kill_after(disturbed, epoch, chance.uniform(0, 0.03))
        assert not (disturbed / "weights.npz").exists()
    again, history_again, printed = finish(disturbed)
    assert "resuming after epoch" in printed
    for one, other in zip(weights, again, strict=True):
        np.testing.assert_array_equal(one, other)
    pd.testing.assert_frame_equal(history, history_again)


STATE = State([np.ones(2)], [np.arange(3.0)], [np.zeros(1)], [{"epoch": 1, "loss": 0.5}])


def test_a_state_is_found_again_by_the_training_that_it_belongs_to(tmp_path):
    path = tmp_path / "resume.npz"
    Checkpoint(path, "one", "float32").save(STATE)
    found = Checkpoint(path, "one", "float32").load()
    assert found.history == STATE.history
    assert found.optimiser[0].tolist() == [0, 1, 2]
    assert Checkpoint(tmp_path / "none.npz", "one", "float32").load() is None
    assert Checkpoint(None, "one", "float32").load() is None


@pytest.mark.parametrize(
    ("key", "precision", "reason"),
    [
        ("another", "float32", "saved by a training with other settings, events, seed or code"),
        ("one", "mixed_bfloat16", "saved in float32, but this machine trains in mixed_bfloat16"),
    ],
)
def test_a_state_that_is_not_used_is_said_to_be(tmp_path, capsys, key, precision, reason):
    path = tmp_path / "resume.npz"
    Checkpoint(path, "one", "float32").save(STATE)
    assert Checkpoint(path, key, precision).load() is None
    assert capsys.readouterr().out == f"{path}: {reason}; the training starts again\n"


def test_many_variables_keep_their_order(tmp_path):
    many = [np.full(1, number) for number in range(120)]
    checkpoint = Checkpoint(tmp_path / "resume.npz", "key", "float32")
    checkpoint.save(State(many, many[:3], [], []))
    assert [int(values[0]) for values in checkpoint.load().network] == list(range(120))


EVENTS = pd.DataFrame({"row": [0, 1], "label": [0, 1], "split": "train", "weight": 1.0})
ARRAYS = {"image": np.arange(6).reshape(2, 3)}
ALIKE = ({"epochs": 3}, EVENTS, ARRAYS, 1, "v1")


@pytest.mark.parametrize(
    "other",
    [
        ({"epochs": 4}, EVENTS, ARRAYS, 1, "v1"),
        ({"epochs": 3}, EVENTS.assign(weight=2.0), ARRAYS, 1, "v1"),
        ({"epochs": 3}, EVENTS, {"image": ARRAYS["image"] + 1}, 1, "v1"),
        ({"epochs": 3}, EVENTS, {"picture": ARRAYS["image"]}, 1, "v1"),
        ({"epochs": 3}, EVENTS, ARRAYS, 2, "v1"),
        ({"epochs": 3}, EVENTS, ARRAYS, 1, "v2"),
    ],
)
def test_a_training_belongs_to_all_that_it_follows_from(other):
    assert training_key(*ALIKE) == training_key(*ALIKE)
    assert training_key(*ALIKE) != training_key(*other)
