"""Bins in which the oracle's score is flat, so that a threshold keeps all of them or nothing."""

import pandas as pd

from runsieve.reports.page.numbers import count, number

MANY = 10  # signal events without which a bin that keeps nothing says nothing
SHARE = 0.9  # of them in one bin of the score, from which on the score is called flat


def flat_bins(decision: pd.DataFrame, histogram: pd.DataFrame, oracle: str, unit: str = "") -> str:
    """Why the oracle keeps no signal in bins where it could; empty if there is no such bin.

    decision: efficiencies at the working point of all models; histogram: scores of the oracle's
    test events, in the same bins. A bin is named if nothing of its signal passes, other models
    keep more than half of it, and nearly all of it has scores in one bin of the histogram.
    """
    if oracle not in set(decision["model"]):
        return ""
    signal = decision[decision["class"] == decision["class"].iloc[0]].dropna(subset=["low"])
    others = signal[signal["model"] != oracle].groupby("low")["efficiency"].median()
    columns = [name for name in histogram if name.startswith("score_")]
    scores = histogram[histogram["class"] == decision["class"].iloc[0]].set_index("low")[columns]
    said = []
    for row in signal[signal["model"] == oracle].to_dict("records"):
        stopped = row["total"] >= MANY and row["passed"] == 0
        if not stopped or row["low"] not in scores.index or not others.get(row["low"], 0) > 0.5:
            continue
        inside = scores.loc[row["low"]]
        if inside.max() < SHARE * row["total"]:
            continue
        start = float(inside.idxmax().removeprefix("score_"))
        said.append(
            f"{row['variable']} {row['low']:g} to {row['high']:g} {unit}".rstrip()
            + f" ({count(inside.max())} of {count(row['total'])} signal events score from "
            f"{number(start, 2)} to {number(start + 1 / len(columns), 2)}, below the threshold of "
            f"{number(row['threshold'], 3)})"
        )
    if not said:
        return ""
    return (
        f"The {oracle} keeps no signal in {'; '.join(said)}: nearly all of it has the same score "
        "there, so that a threshold takes all of it or nothing, and the target cannot be met "
        "exactly. A ratio to the oracle means nothing there."
    )
