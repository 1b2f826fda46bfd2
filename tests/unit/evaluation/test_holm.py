import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from runsieve.evaluation.holm import holm

P = st.lists(st.floats(0, 1), max_size=8)


def test_known_values():
    """Those of p.adjust in R."""
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])


@given(P)
def test_between_no_correction_and_that_of_bonferroni(p):
    p, corrected = np.array(p), holm(p)
    assert (corrected >= p).all()
    assert (corrected <= np.minimum(len(p) * p, 1)).all()
    assert (np.diff(corrected[np.argsort(p)]) >= 0).all()


@given(P, st.integers(0, 8))
def test_an_unknown_p_stays_unknown_and_does_not_count(p, place):
    with_one = np.insert(p, min(place, len(p)), np.nan)
    corrected = holm(with_one)
    assert np.isnan(corrected).tolist() == np.isnan(with_one).tolist()
    assert corrected[~np.isnan(corrected)] == pytest.approx(holm(p))


def test_one_false_alarm_in_a_family_is_as_rare_as_the_level_says():
    families = np.random.default_rng(1).uniform(0, 1, (4000, 6))
    alarms = [holm(family).min() < 0.1 for family in families]
    assert np.mean(alarms) == pytest.approx(0.1, abs=0.015)
    assert np.mean(families.min(axis=1) < 0.1) > 0.4
