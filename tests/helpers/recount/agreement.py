"""Whether a written table and its recount agree."""

import numpy as np
import pandas as pd
from scipy.stats import norm

DIGITS = 6e-8  # eight significant digits are written
# Of the width of an interval, for the difference of two bootstraps, of which the smaller has 50
# samples: more than four standard errors of a quantile (0.13), four of one that the bias shifts
# (0.25).
NEAR, NEAR_CORRECTED = 0.6, 1.0
LAST = 1e-11  # of numbers near 0, which are differences of numbers near 1


def require_agreement(written, recounted, left_out=(), rough=None) -> None:
    """Fail at the first difference; `left_out`: columns that only the written table has.

    rough: relative and absolute tolerances, by column, for numbers that are not of closed form.
    """
    extra = set(written.columns) - set(recounted.columns)
    assert extra == set(left_out), f"columns without a recount: {sorted(extra ^ set(left_out))}"
    missing = set(recounted.columns) - set(written.columns)
    assert not missing, f"columns that were not written: {sorted(missing)}"
    assert len(written) == len(recounted), f"{len(written)} rows, {len(recounted)} recounted"
    for name in recounted:
        mine, theirs = recounted[name].tolist(), written[name].tolist()
        relative, absolute = (rough or {}).get(name, (DIGITS, LAST))
        for row, (one, other) in enumerate(zip(mine, theirs, strict=True)):
            if pd.isna(one) or pd.isna(other):
                same = bool(pd.isna(one) and pd.isna(other))
            elif isinstance(one, str | bool | np.bool_):
                same = one == other
            else:
                same = one == other or abs(one - other) <= absolute + relative * abs(one)
            assert same, f"{name}, row {row}: {other!r} written, {one!r} recounted"


def require_ends(value, low, high, samples, place, corrected=False) -> None:
    """An interval from drawn numbers: its ends near those of `samples`, drawn by the tests.

    corrected: for the bias, by which quantiles are shifted (Efron, 1981).
    """
    levels = np.array([0.1587, 0.8413])
    if corrected:
        below = np.mean(samples < value) + np.mean(np.isclose(samples, value)) / 2
        levels = norm.cdf(2 * norm.ppf(np.clip(below, 0.01, 0.99)) + norm.ppf(levels))
    ours, theirs = np.quantile(samples, levels)
    near = (NEAR_CORRECTED if corrected else NEAR) * (theirs - ours) + 1e-3
    about = f"{place}: {low} to {high} written, about {ours} to {theirs} recounted"
    assert low <= high, about
    assert abs(low - ours) <= near and abs(high - theirs) <= near, about
    assert low - near <= value <= high + near, f"{place}: {value} is not near {low} to {high}"


def require_metrics(written, recounted, place) -> None:
    """The parts of each recounted metric, as JSON has them; None where undefined."""
    assert set(written) == set(recounted), place
    for name, parts in recounted.items():
        # The calibration error is found by halving, to 1e-7.
        relative, absolute = (0, 3e-7) if name == "calibration_error" else (1e-9, LAST)
        for part, value in parts.items():
            found = written[name][part]
            if value is None or (isinstance(value, float) and np.isnan(value)):
                same = found is None
            elif isinstance(value, str):
                same = found == value
            else:
                same = found is not None and abs(found - value) <= absolute + relative * abs(value)
            assert same, f"{place}: {name} {part}: {found!r} written, {value!r} recounted"
