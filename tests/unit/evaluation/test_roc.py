"""Points of ROC curves are those of scikit-learn."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import roc_curve

from runsieve.evaluation.roc import roc_points


@given(
    st.integers(0, 2**31),
    st.integers(2, 60),
    st.sampled_from([1, 3, 10**6]),
    st.sampled_from([None, 2, 100]),
)
def test_points_are_those_of_scikit_learn(seed, events, scores, weights):
    generator = np.random.default_rng(seed)
    signal = np.append([True, False], generator.random(events - 2) < 0.5)
    score = generator.integers(0, scores, events) / scores
    # Sums of halves and hundreds of them are exact, so that corners are the same.
    weight = np.ones(events) if weights is None else generator.integers(1, weights, events) / 2
    threshold, kept, accepted = roc_points(signal, score, weight)
    expected = roc_curve(signal, score, sample_weight=weight)
    for found, other in zip((accepted, kept, threshold), expected, strict=True):
        assert found == pytest.approx(other, abs=1e-12)
