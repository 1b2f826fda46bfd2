"""Holm's correction for several tests."""

import numpy as np


def holm(p: np.ndarray) -> np.ndarray:
    """P-values corrected for being one of several, shape (tests,); NaN stays and does not count.

    If every model were as good as every other, the smallest corrected value would be below any
    level at most as often as this level says, whatever the correlations (Holm, Scand. J. Stat. 6
    (1979) 65).
    """
    p = np.asarray(p, dtype=float)
    order = np.argsort(p)[: np.isfinite(p).sum()]  # NaN is sorted last
    corrected = np.full(len(p), np.nan)
    factors = np.arange(len(order), 0, -1)
    corrected[order] = np.maximum.accumulate(np.minimum(factors * p[order], 1))
    return corrected
