"""Whether batches are mixed: a test that is exact at any number and size of batches."""

import numpy as np
import pytest

from runsieve.networks.batches import mixing


def test_mixing_is_about_one_for_a_shuffled_sample_and_large_for_a_sorted_one():
    labels = np.repeat([0, 1], 3200)
    rng = np.random.default_rng(2)
    shuffled = [mixing(rng.permutation(labels), 64) for _ in range(20)]
    assert np.mean([one.value for one in shuffled]) == pytest.approx(1, abs=0.1)
    assert all(one.value < one.limit < 2 for one in shuffled)
    assert mixing(labels, 64).value > 60
    assert mixing(labels, 5000) is None
    assert mixing(np.zeros(640, dtype=int), 64) is None


@pytest.mark.parametrize(("batches", "size"), [(2, 32), (3, 8), (10, 128), (100, 32), (10_000, 8)])
@pytest.mark.parametrize("rare", [0.5, 0.01], ids=["balanced", "rare"])
def test_shuffled_batches_are_called_unmixed_once_in_a_thousand(batches, size, rare):
    """False alarms in 100 orders are binomial with at most 0.001 each: three are too many."""
    rng = np.random.default_rng(batches)
    labels = np.arange(batches * size) < max(3, rare * batches * size)
    found = [mixing(rng.permutation(labels), size) for _ in range(10 if batches > 100 else 100)]
    assert sum(one.value > one.limit for one in found) < 3


@pytest.mark.parametrize("batches", [2, 10, 100, 10_000])
def test_sorted_batches_are_unmixed_however_many_there_are(batches):
    labels = np.arange(batches * 16) < batches * 8
    found = mixing(labels, 16)
    assert found.value > 2 * found.limit
