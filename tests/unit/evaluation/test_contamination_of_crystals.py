"""The estimate agrees with the truth of the simulated crystals, bin by bin."""

import numpy as np
import pytest
import yaml

from helpers.mixtures import scored
from helpers.places import ANALYSES
from runsieve.evaluation.contamination import contamination_table
from runsieve.evaluation.fraction_ratio import fraction_ratio_interval
from runsieve.simulate.crystals.light import SCINTILLATION, LightModel
from runsieve.simulate.crystals.oracle import log_shape_ratio
from runsieve.simulate.crystals.parameters import Parameters
from runsieve.simulate.crystals.triggers import draw_processes

PARAMETERS = Parameters.model_validate(
    yaml.safe_load((ANALYSES / "cosine.yaml").read_text())["simulate"]["parameters"]
)
EDGES = np.arange(9) / 2  # keV: bins of the shipped report
EACH = 2000  # simulated events of a class in a bin
TOY = 120  # the same of a toy
TOYS = 100


@pytest.fixture(scope="module")
def hits():
    """Whether signal, llr_shape, energy (keV) and process, each of shape (2, bins, EACH)."""
    rng = np.random.default_rng(13)
    shape = (2, len(EDGES) - 1, EACH)
    signal = np.broadcast_to((np.arange(2) == 0)[:, None, None], shape).ravel()
    energy = (EDGES[:-1, None] + 0.5 * (1 - rng.random(shape))).ravel()
    process = draw_processes(rng, energy, signal, PARAMETERS)
    model, charges = LightModel.of(PARAMETERS), PARAMETERS.light_yield[3] * energy
    llr = np.empty(len(energy))
    for chunk in np.array_split(np.arange(len(energy)), 8):
        light = model.draw(rng, charges[chunk], process[chunk])
        llr[chunk] = log_shape_ratio(energy[chunk], charges[chunk], light, PARAMETERS, model)
    return tuple(item.reshape(shape) for item in (signal, llr, energy, process))


def drawn(hits, events, seed):
    """Predictions of events drawn from the simulation, and which are scintillation."""
    rng = np.random.default_rng(seed)
    chosen = rng.integers(0, EACH, (*hits[0].shape[:2], events))
    parts = [np.take_along_axis(item, chosen, axis=2).ravel() for item in hits]
    return scored(*parts[:3]), parts[3] == SCINTILLATION


def test_pulls_of_100_toys(hits):
    """In the lowest bin noise reaches the cut: the others are unbiased."""
    truth = (hits[3][1] == SCINTILLATION).mean(axis=1)
    reference, _ = drawn(hits, 100, seed=1)
    cut = contamination_table(reference, "energy", EDGES, {})["cut"].to_numpy()[:-1, None]
    pulls = []
    for seed in range(TOYS):
        test, _ = drawn(hits, TOY, seed=100 + seed)
        above = test.score.reshape(2, -1, TOY) >= cut
        signal, background = above.sum(axis=2)
        counts = background, np.full(8, TOY), signal, np.full(8, TOY)
        estimate = background / signal
        low, high = fraction_ratio_interval(*counts, at_most_one=False)
        side = np.where(estimate >= truth, estimate - low, high - estimate)
        pulls.append((estimate - truth) / side)
    pulls = np.array(pulls)[:, 1:]
    assert abs(pulls.mean()) < 0.2
    assert abs(pulls.std() - 1) < 0.2


def test_estimates_follow_the_truth_and_noise_is_seen_in_the_lowest_bin(hits):
    test, like = drawn(hits, EACH, seed=2)
    reference, _ = drawn(hits, 200, seed=3)
    table = contamination_table(
        test, "energy", EDGES, {"loose": 0.4}, reference=reference, signal_like=like
    )
    bins = table.iloc[1:8]
    error = (bins["contamination_estimated_high"] - bins["contamination_estimated_low"]) / 2
    pull = (bins["contamination_estimated"] - bins["contamination_true"]) / error
    assert (pull.abs() < 3).all()
    lowest = table.iloc[0]
    assert lowest["contamination_estimated_low"] > lowest["contamination_true"]
    assert lowest["contamination_change"] < -2 * lowest["contamination_change_error"]


def test_corrected_rejection_is_closer_to_that_of_true_noise(hits):
    test, like = drawn(hits, EACH, seed=4)
    reference, _ = drawn(hits, 200, seed=5)
    table = contamination_table(
        test, "energy", EDGES, {"loose": 0.4}, reference=reference, signal_like=like
    ).iloc[2:8]
    seen, corrected, true = (table[f"rejection_loose{end}"] for end in ("", "_estimated", "_true"))
    assert ((corrected - true).abs() < 0.3 * (seen - true).abs()).all()
