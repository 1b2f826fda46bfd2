"""Waveforms and the files that hold them."""

from pathlib import Path
from types import SimpleNamespace

import awkward as ak
import numpy as np
import pytest
import uproot
import yaml

import simulate_run
from helpers.places import ANALYSES
from runsieve.errors import RunsieveError
from runsieve.simulate.crystals import run as writing
from runsieve.simulate.crystals.electronics import pulse, waveforms
from runsieve.simulate.crystals.light import LightModel, Photoelectrons
from runsieve.simulate.crystals.parameters import Parameters

CONFIG = ANALYSES / "cosine.yaml"
SETTINGS = yaml.safe_load(CONFIG.read_text())["simulate"]["parameters"]
PARAMETERS = Parameters.model_validate(SETTINGS)
CHANNELS = [1, 3, 7]
EVENTS = 600


def photoelectrons(time, charge=1.0, pmt=0):
    """One photoelectron a hit."""
    count = len(time)
    return Photoelectrons(
        np.arange(count), np.full(count, pmt), np.asarray(time), np.full(count, charge)
    )


def write(path, run=1858, kind="physics", channels=CHANNELS, events=EVENTS, seed=1):
    writing.write_run(
        path,
        run=run,
        kind=kind,
        events=events,
        channels=channels,
        parameters=PARAMETERS,
        seed=seed,
    )
    with uproot.open(path) as file:
        return file["event"].arrays(), file["truth"].arrays()


@pytest.fixture(scope="module")
def physics(tmp_path_factory):
    return write(tmp_path_factory.mktemp("runs") / "run1858.root")


def test_pulse_rises_to_one():
    time = np.linspace(-5, 60, 65_001)
    height = pulse(time, PARAMETERS.electronics)
    assert height.max() == pytest.approx(1, abs=1e-6)
    assert (height[time <= 0] == 0).all()


@pytest.mark.parametrize("pmt", [0, 1])
def test_single_photoelectron_has_the_area_of_its_pulse(pmt):
    rng = np.random.default_rng(21)
    electronics, record = PARAMETERS.electronics, PARAMETERS.record
    light = photoelectrons(rng.uniform(0, 100, 4000), pmt=pmt)
    samples = waveforms(rng, light, np.full(4000, 2400.0), PARAMETERS).astype(float)
    samples = samples.reshape(4000, 2, record.samples)
    window = slice(1190, 1290)
    area = (samples[:, :, window] - electronics.pedestal).sum(axis=2).mean(axis=0) * record.sample
    time = np.linspace(0, 300, 300_001)
    expected = electronics.gain * np.trapezoid(pulse(time, electronics), time)
    spread = 100 * electronics.pedestal_spread * record.sample / np.sqrt(4000)
    assert area[pmt] == pytest.approx(expected, abs=5 * spread)
    assert area[1 - pmt] == pytest.approx(0, abs=5 * spread)
    assert 5 * spread < 0.2 * expected


def test_pulses_stand_at_their_sample_and_clip_at_the_end_of_the_range():
    light = photoelectrons([0.0, 5690.0, 0.0], charge=500.0)
    samples = waveforms(np.random.default_rng(22), light, np.full(3, 2460.0), PARAMETERS)
    assert samples.dtype == np.uint16
    assert samples.shape == (3, 8160)
    assert samples.max() == 4095
    assert np.argmax(samples[0] > 300) == 1231
    assert np.argmax(samples[1] > 300) == 4076
    assert (samples[1, 4080:] < 300).all()


def test_branches_types_and_lengths(physics):
    event, truth = physics
    assert len(event) == len(truth) == EVENTS
    types = dict(zip(event.fields, map(str, ak.type(event).content.contents), strict=True))
    assert types["run"] == "int32"
    assert types["event"] == "uint64"
    assert types["time"] == types["ls_energy"] == types["muon_time"] == "float64"
    for channel in CHANNELS:
        assert types[f"crystal{channel}_waveform"] == "var * uint16"
        assert types[f"crystal{channel}_clusters"] == "int32"
    assert (event["event"] == truth["event"]).to_list() == [True] * EVENTS
    numbers = event["event"].to_numpy().astype(np.int64)
    assert (np.diff(numbers) > 0).all()
    assert (np.diff(event["time"].to_numpy()) > 0).all()
    assert set(event["run"].to_list()) == {1858}


def test_a_crystal_that_is_not_hit_is_empty(physics):
    event, truth = physics
    for channel in CHANNELS:
        hit = event[f"crystal{channel}_energy"].to_numpy() > 0
        assert 0 < hit.sum() < EVENTS
        assert (ak.num(event[f"crystal{channel}_waveform"]).to_numpy() == 8160 * hit).all()
        for name in ("clusters", "trigger_edge", "asymmetry"):
            assert not event[f"crystal{channel}_{name}"].to_numpy()[~hit].any()
        for name in ("process", "photoelectrons"):
            assert ((truth[f"crystal{channel}_{name}"].to_numpy() > 0) == hit).all()
        known = hit & (event[f"crystal{channel}_energy"].to_numpy() < 10)
        known &= truth[f"crystal{channel}_process"].to_numpy() != LightModel.of(PARAMETERS).flash
        for name in ("llr_shape", "llr_energy"):
            assert (np.isfinite(truth[f"crystal{channel}_{name}"].to_numpy()) == known).all()


def test_charge_in_the_waveform_follows_the_energy(physics):
    event, _ = physics
    hit = event["crystal3_energy"].to_numpy() > 2
    samples = event["crystal3_waveform"][hit].to_numpy().reshape(hit.sum(), 2, 4080).astype(float)
    edge = event["crystal3_trigger_edge"].to_numpy()[hit]
    pedestals = samples[:, :, :90].mean(axis=2, keepdims=True)
    charge = (samples - pedestals).sum(axis=(1, 2)) * PARAMETERS.record.sample
    energy = event["crystal3_energy"].to_numpy()[hit]
    assert (edge > 180).all()
    assert np.corrcoef(charge, energy)[0, 1] > 0.97


def test_random_stream_follows_from_seed_and_run_alone(physics, tmp_path):
    event, truth = physics
    for fields, other in zip((event, truth), write(tmp_path / "again.root"), strict=True):
        assert ak.array_equal(fields, other, equal_nan=True)
    assert not ak.array_equal(event["time"], write(tmp_path / "b.root", seed=2)[0]["time"])
    shorter, _ = write(tmp_path / "shorter.root", events=2 * writing.CHUNK)
    assert ak.array_equal(event["crystal3_waveform"][: len(shorter)], shorter["crystal3_waveform"])


def test_baskets_hold_a_chunk_each(tmp_path):
    write(tmp_path / "run.root")
    with uproot.open(tmp_path / "run.root") as file:
        branch = file["event/crystal3_waveform"]
        sizes = [branch.basket(number).num_entries for number in range(branch.num_baskets)]
    assert sizes == [256, 256, EVENTS - 512]


def test_script_writes_the_run_of_its_parameters(tmp_path, capsys):
    job = SimpleNamespace(
        log=[str(tmp_path / "run.log")],
        output=SimpleNamespace(run=str(tmp_path / "run1601.root")),
        params=SimpleNamespace(
            model="crystals",
            parameters=SETTINGS,
            run=1601,
            kind="calibration",
            events=20,
            channels=CHANNELS,
            seed=3,
        ),
    )
    simulate_run.main(job)
    assert "run 1601: 20 triggers" in capsys.readouterr().out
    expected, _ = write(tmp_path / "x.root", run=1601, kind="calibration", events=20, seed=3)
    with uproot.open(job.output.run) as file:
        assert ak.array_equal(file["event"].arrays(), expected)
    assert Path(job.log[0]).is_file()


def test_nothing_is_left_behind_where_the_run_is_unknown(tmp_path):
    with pytest.raises(RunsieveError, match="run 1700"):
        write(tmp_path / "run.root", run=1700)
    assert list(tmp_path.iterdir()) == []
