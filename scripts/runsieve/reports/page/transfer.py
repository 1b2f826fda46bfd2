"""What cross tests say: whether a model is as good on a sample as one that was trained there."""

import math

import pandas as pd

from runsieve.reports.page.numbers import Quoted, decimals_of, number

ERRORS = 2.0  # distance in errors from which a cross test is said to be worse


def transfer(cross_tests: pd.DataFrame, comparison: pd.DataFrame) -> str:
    """The result of the cross tests in words; empty where nothing was trained on what was tested.

    cross_tests: `cross_test_table`; comparison: of all models, with the AUC of the first seed. The
    AUC of each model on another sample is compared with that of the same model trained there. The
    error adds both intervals in quadrature, which is rather too large for the same test events.
    """
    other = cross_tests[cross_tests["trained_on"] != cross_tests["tested_on"]]
    own = comparison.rename(columns={"sample": "tested_on"})
    columns = ["tested_on", "model", "auc", "auc_low", "auc_high"]
    both = other.merge(own[columns], on=["tested_on", "model"], suffixes=("", "_own"))
    if both.empty:
        return ""
    changes = [(row, *_change(row)) for row in both.to_dict("records")]
    worse = [one for one in changes if one[1] < -ERRORS * one[2]]
    worst = [min(changes, key=lambda one: one[1])]
    said = ", ".join(
        f"{row['model']} of {row['trained_on']} on {row['tested_on']} {_quoted(value, error)}"
        for row, value, error in worse or worst
    )
    tests = f"{len(changes)} cross test{'' if len(changes) == 1 else 's'}"
    if worse:
        return (
            f"In {len(worse)} of {tests} a model is worse than the same model trained on the "
            f"sample that it is tested on. Difference of AUC: {said}."
        )
    return (
        f"In none of {tests} is a model significantly worse than the same model trained on the "
        f"sample that it is tested on. Largest loss of AUC: {said}."
    )


def _change(row: dict) -> tuple[float, float]:
    """AUC minus that of the model trained on the tested sample, and the error towards zero."""
    change = row["auc"] - row["auc_own"]
    if change < 0:
        parts = row["auc_high"] - row["auc"], row["auc_own"] - row["auc_low_own"]
    else:
        parts = row["auc"] - row["auc_low"], row["auc_high_own"] - row["auc_own"]
    return change, math.hypot(*parts)


def _quoted(value: float, error: float) -> Quoted:
    decimals = decimals_of(error)
    return Quoted(number(value, decimals), f"\u00b1 {number(error, decimals)}")
