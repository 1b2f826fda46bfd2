"""Whether a written table and its recount agree."""

import numpy as np
import pandas as pd
from scipy.stats import beta

DIGITS = 8  # significant ones that are written
# Of the width of an interval, for the difference of two bootstraps, of which the smaller has 50
# samples: more than four standard errors of a quantile (0.13).
NEAR = 0.6
LAST = 1e-11  # of numbers near 0, which are differences of numbers near 1


def require_agreement(written, recounted, left_out=(), rough=None, digits=DIGITS) -> None:
    """Fail at the first difference; `left_out`: columns that only the written table has.

    rough: relative and absolute tolerances, by column, for numbers that are not of closed form;
    digits: significant digits that are written.
    """
    extra = set(written.columns) - set(recounted.columns)
    assert extra == set(left_out), f"columns without a recount: {sorted(extra ^ set(left_out))}"
    missing = set(recounted.columns) - set(written.columns)
    assert not missing, f"columns that were not written: {sorted(missing)}"
    assert len(written) == len(recounted), f"{len(written)} rows, {len(recounted)} recounted"
    for name in recounted:
        mine, theirs = recounted[name].tolist(), written[name].tolist()
        relative, absolute = (rough or {}).get(name, (6 * 0.1**digits, LAST))
        for row, (one, other) in enumerate(zip(mine, theirs, strict=True)):
            if pd.isna(one) or pd.isna(other):
                same = bool(pd.isna(one) and pd.isna(other))
            elif isinstance(one, str | bool | np.bool_):
                same = one == other
            else:
                same = one == other or abs(one - other) <= absolute + relative * abs(one)
            assert same, f"{name}, row {row}: {other!r} written, {one!r} recounted"


def require_ends(value, low, high, samples, place, events=None) -> None:
    """An interval from drawn numbers: its ends near those of `samples`, drawn by the tests.

    events: of a fraction, how many (effective) events it is counted from. Its interval is that of
    as many events as have the variance of the samples (Korn and Graubard, 1998).
    """
    levels = np.array([0.1587, 0.8413])
    if events is None:
        ours, theirs = np.quantile(samples, levels)
    else:
        if 0 < value < 1 and samples.std() > 0:
            events = min(events, value * (1 - value) / samples.std() ** 2)
        kept, lost = value * events + 0.5, (1 - value) * events + 0.5
        ours = 0 if value == 0 else beta.ppf(levels[0], kept, lost)
        theirs = 1 if value == 1 else beta.ppf(levels[1], kept, lost)
    near = NEAR * (theirs - ours) + 1e-3
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


def require_same_numbers(written, recounted) -> None:
    """Numbers of JSON, with those by class flattened; `recounted` may have fewer keys."""
    for name, one in recounted.items():
        found = written[name]
        parts = one.items() if isinstance(one, dict) else [(None, one)]
        for key, value in parts:
            number = found if key is None else found[key]
            same = number is None if value is None else np.isclose(number, value, rtol=1e-9)
            assert same, f"{name} {key}: {number!r} written, {value!r} recounted"
