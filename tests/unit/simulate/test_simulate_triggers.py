"""What the triggers of a run are: spectra, crystals, and those that the cuts reject."""

import numpy as np
import pandas as pd
import pytest
import yaml
from scipy.stats import chisquare

from helpers.places import ANALYSES, DATA, ROOT
from runsieve.errors import RunsieveError
from runsieve.simulate.crystals.light import LightModel
from runsieve.simulate.crystals.parameters import Parameters
from runsieve.simulate.crystals.triggers import check_run, draw_others, draw_triggers

SETTINGS = yaml.safe_load((ANALYSES / "cosine.yaml").read_text())["simulate"]
PARAMETERS = Parameters.model_validate(SETTINGS["parameters"])
TABLE = pd.read_csv(DATA / "cosine_crystal3_test_table.csv")
STATISTICS = pd.read_csv(DATA / "cosine_data_statistics.csv")
CHANNELS = [1, 2, 3, 4, 6, 7]
COUNT = 60_000
RUNS = [(1601, "calibration", "signal"), (1858, "physics", "background")]


def drawn(run, kind, channels=CHANNELS, parameters=PARAMETERS, count=COUNT):
    rng = np.random.default_rng([13, run])
    return draw_triggers(rng, count, run=run, kind=kind, channels=channels, parameters=parameters)


def selected(triggers, hits, kind):
    """The hits that pass the cuts of the analysis."""
    at = hits.trigger
    coincident = (triggers.ls_energy[at] > 20) | (triggers.hits[at] > 1)
    passed = (hits.energy > 0) & (hits.energy < 10) & (triggers.muon_time[at] > 30)
    passed &= (triggers.onset[at] > 2000) & (hits.process != LightModel.of(PARAMETERS).flash)
    return passed & (coincident if kind == "calibration" else ~coincident)


@pytest.mark.parametrize(("run", "kind", "name"), RUNS)
def test_selected_hits_follow_the_spectra_and_crystals_of_the_tables(run, kind, name):
    triggers, hits = drawn(run, kind)
    chosen = selected(triggers, hits, kind)
    expected = TABLE[TABLE["class"] == name].filter(like="score_").sum(axis=1)
    counts = np.histogram(hits.energy[chosen], PARAMETERS.spectra.edges.array())[0]
    assert chisquare(counts, expected / expected.sum() * counts.sum()).pvalue > 1e-3

    expected = STATISTICS[STATISTICS["run"] == run].set_index("crystal")["events"]
    counts = np.array([np.count_nonzero(hits.crystal[chosen] == crystal) for crystal in CHANNELS])
    shares = expected[CHANNELS] / expected.sum()
    assert chisquare(counts, shares * counts.sum()).pvalue > 1e-3


@pytest.mark.parametrize(("run", "kind", "name"), RUNS)
def test_run_sheet_makes_the_printed_number_of_selected_events(run, kind, name):
    sheet = pd.read_csv(ROOT / "config/runs/cosine.tsv", sep="\t").set_index("run")
    share = selected(*drawn(run, kind), kind).sum() / COUNT
    printed = STATISTICS[STATISTICS["run"] == run]["events"].sum()
    assert share * sheet.loc[run, "events"] == pytest.approx(printed, rel=0.02)


@pytest.mark.parametrize(("run", "kind", "name"), RUNS)
def test_every_cut_rejects_its_share(run, kind, name):
    composition = PARAMETERS.kinds[kind]
    triggers, hits = drawn(run, kind)
    main = slice(0, COUNT)
    for found, expected in (
        (hits.energy[main] >= 10, composition.high_energy),
        (triggers.muon_time <= 30, composition.after_muon),
        (triggers.onset <= 2000, composition.early_edge),
        (hits.process[main] == LightModel.of(PARAMETERS).flash, composition.one_sided),
        ((triggers.ls_energy > 20) | (triggers.hits > 1), composition.coincidence),
    ):
        assert abs(found.mean() - expected) < 4 * np.sqrt(expected * (1 - expected) / COUNT)


def test_hits_are_counted_and_second_crystals_are_others():
    triggers, hits = drawn(1601, "calibration")
    assert (np.bincount(hits.trigger, minlength=COUNT) == triggers.hits).all()
    second = hits.trigger[COUNT:]
    assert (hits.crystal[:COUNT][second] != hits.crystal[COUNT:]).all()
    assert set(hits.crystal[COUNT:]) == set(CHANNELS)
    assert hits.energy[COUNT:].min() > 10


def test_single_hits_alone_are_noise():
    triggers, hits = drawn(1858, "physics")
    noise = (hits.process > 1) & (hits.process != LightModel.of(PARAMETERS).flash)
    coincident = (triggers.ls_energy > 20) | (triggers.hits > 1)
    assert not (noise & coincident[hits.trigger]).any()
    assert not (noise & (hits.energy > 10)).any()
    low = selected(triggers, hits, "physics") & (hits.energy < 0.5)
    assert noise[low].mean() == pytest.approx(PARAMETERS.spectra.noise[0], abs=0.01)


def test_main_crystal_is_one_of_the_channels():
    _, hits = drawn(1601, "calibration", channels=[3, 7], count=500)
    assert set(hits.crystal[:500]) == {3, 7}


def test_a_detector_of_one_crystal_has_no_second():
    alone = PARAMETERS.model_copy(update={"light_yield": {3: 15.0}})
    triggers, hits = drawn(1601, "calibration", channels=[3], parameters=alone, count=500)
    assert len(hits.energy) == 500
    assert (triggers.hits == 1).all()


def test_others_are_even():
    others = draw_others(np.random.default_rng(1), np.full(30_000, 4), [1, 4, 3, 7])
    numbers, counts = np.unique(others, return_counts=True)
    assert numbers.tolist() == [1, 3, 7]
    assert chisquare(counts).pvalue > 1e-3


@pytest.mark.parametrize(
    ("run", "kind", "channels", "message"),
    [
        (1601, "beam", [3], "run 1601 is of kind 'beam': expected one of calibration, physics"),
        (1601, "physics", [3, 5], "channel 5 has no light yield.*1, 2, 3, 4, 6, 7"),
        (1700, "physics", [3], "run 1700 has no weight for any of the channels 3"),
    ],
)
def test_unknown_runs_kinds_and_channels_are_named(run, kind, channels, message):
    with pytest.raises(RunsieveError, match=message):
        check_run(run, kind, channels, PARAMETERS)
