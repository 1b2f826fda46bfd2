"""The example in C++: what it prints of a run is what Keras gives."""

import subprocess

import awkward as ak
import keras
import numpy as np
import pandas as pd
import pytest
import uproot

from helpers.compiling import MissingError, find_tools
from helpers.places import ROOT
from helpers.plans import plan_of
from runsieve.networks.building import Seen, build
from runsieve.networks.exporting import export
from runsieve.networks.metadata import add_about, signature
from runsieve.networks.registry import validated
from runsieve.plan.exports import described_inputs, exported_facts
from runsieve.samples.sample_files import pulses_of

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning:keras")

EVENTS = 30
FIRST = 2**40  # an event number that does not fit into 32 bits
RANDOM = np.random.default_rng(4)
RUN = {
    "evtno": FIRST + np.arange(EVENTS),
    "nhit": RANDOM.integers(1, 7, EVENTS),
    **{
        name: values
        for channel in (1, 2)
        for name, values in (
            (f"w{channel}", RANDOM.integers(7900, 8300, (EVENTS, 80)).astype(np.uint16)),
            (f"e{channel}", RANDOM.uniform(0, 5000, EVENTS).astype(np.float32)),
        )
    },
}
WINDOW = {"branches": ["w{channel}"], "segments": 2, "shape": [64], "baseline": 8100}
TOWERS = {
    "waveform": {"scaling": {"scale": 100.0}, "convolutions": {"filters": [4], "kernel": 5}},
    "numbers": {},
}
CHANGES = {
    "tree": "event",
    "inputs": {
        "waveform": WINDOW | {"window": {"start": 4, "length": 32}},
        "numbers": {"columns": ["energy", "hits"]},
    },
    "models": {"small": {"towers": TOWERS}},
}


@pytest.fixture(scope="module")
def scorer(tmp_path_factory):
    """Runs the example in a folder: the lines that it prints, or what it says of a mistake."""
    try:
        tools = find_tools()
    except MissingError as missing:
        pytest.skip(f"the example in C++ needs {missing}")
    program = tmp_path_factory.mktemp("example") / "score_run"
    tools.compile(ROOT / "examples/onnx/score_run.cpp", program)

    def run(folder):
        command = [program, "model.onnx", "run.root"]
        settings = {"cwd": folder, "env": tools.environment, "capture_output": True, "text": True}
        return subprocess.run(command, **settings)

    return run


def arrays_of(channel):
    """What the network sees, as runsieve reads it."""
    segments = RUN[f"w{channel}"].reshape(EVENTS, 2, 40)[:, :, 4:36]
    numbers = np.stack([RUN[f"e{channel}"] / 1000, RUN["nhit"]], axis=1)
    return {
        "waveform": segments.reshape(EVENTS, 64),
        "numbers": numbers.astype(np.float32),
    }


def write_network(folder, changes=None):
    """A network as ONNX, with the facts that a plan has of it."""
    plan = plan_of(CHANGES | (changes or {}))
    seen = Seen(
        {"waveform": (64,), "numbers": (2,)},
        {"waveform": "uint16", "numbers": "float32"},
        ["signal", "background"],
        pulses=pulses_of(plan.pulses("small")),
    )
    keras.utils.set_random_seed(2)
    network = build(validated(plan.model("small")), seen)
    path = folder / "model.keras"
    network.save(path)
    add_about(path, {"classes": list(seen.classes), "seed": 4})
    facts = exported_facts(plan, "all", "small")
    facts |= signature(path, described_inputs(plan, "small"))
    table = pd.DataFrame({"row": np.arange(EVENTS), "split": "test"})
    export(path, [], table, arrays_of(1), facts, folder / "model.onnx")
    return network


def write_run(path, **changes):
    with uproot.recreate(path) as file:
        tree = {name: values for name, values in (RUN | changes).items() if values is not None}
        types = {
            name: (values.dtype, values.shape[1:])
            if isinstance(values, np.ndarray)
            else values.type.content
            for name, values in tree.items()
        }
        file.mktree("event", types).extend(tree)


def test_the_scores_of_a_run(tmp_path, scorer):
    network = write_network(tmp_path)
    write_run(tmp_path / "run.root")
    done = scorer(tmp_path)
    assert done.returncode == 0, done.stderr
    title, *lines = done.stdout.splitlines()
    assert title == "event channel signal background"
    table = np.array([line.split() for line in lines])
    assert table[:, 0].astype(int).tolist() == 2 * RUN["evtno"].tolist()
    for channel in (1, 2):
        mine = table[table[:, 1] == str(channel)]
        expected = network.predict_on_batch(arrays_of(channel))
        np.testing.assert_allclose(mine[:, 2:].astype(float), expected, rtol=0, atol=1e-5)
    assert np.ptp(table[:, 2].astype(float)) > 0.01


def test_channels_that_have_recorded_nothing_are_left_out(tmp_path, scorer):
    network = write_network(tmp_path)
    hit = np.arange(EVENTS) % 3 == 1
    waveforms = ak.unflatten(RUN["w1"][hit].reshape(-1), np.where(hit, 80, 0))
    write_run(tmp_path / "run.root", w1=waveforms)
    done = scorer(tmp_path)
    assert done.returncode == 0, done.stderr
    table = np.array([line.split() for line in done.stdout.splitlines()[1:]])
    mine = table[table[:, 1] == "1"]
    assert mine[:, 0].astype(int).tolist() == RUN["evtno"][hit].tolist()
    expected = network.predict_on_batch(arrays_of(1))[hit]
    np.testing.assert_allclose(mine[:, 2:].astype(float), expected, rtol=0, atol=1e-5)
    assert len(table) == len(mine) + EVENTS


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"w2": None}, "error: tree event: cannot read w2"),
        ({"w1": RUN["w1"][:, :60]}, "error: waveform: its window ends outside of a waveform"),
        ({"e1": np.ones((EVENTS, 3))}, "error: numbers: events of another size expected"),
    ],
)
def test_a_run_that_it_cannot_read(tmp_path, scorer, changes, sentence):
    write_network(tmp_path)
    write_run(tmp_path / "run.root", **changes)
    done = scorer(tmp_path)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == sentence


def test_an_input_that_it_does_not_read(tmp_path, scorer):
    window = WINDOW | {"window": {"start": "hits + 2", "length": 32}}
    write_network(tmp_path, {"inputs": CHANGES["inputs"] | {"waveform": window}})
    write_run(tmp_path / "run.root")
    done = scorer(tmp_path)
    assert done.returncode == 1
    assert done.stderr == (
        "error: waveform: not read by this example: its window starts at hits + 2\n"
    )
