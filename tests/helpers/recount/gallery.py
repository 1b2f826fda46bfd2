"""Examples of test events, chosen one at a time."""

import numpy as np
import pandas as pd

from helpers.recount.scored import Scored


def gallery(scored: Scored, events: pd.DataFrame, number: int) -> pd.DataFrame:
    """events: of the sample; without folds. See `runsieve.reports.gallery`."""
    two = len(scored.classes) == 2
    point = scored.points[0]
    if two:
        targeted = [one for one in scored.defined if one[1] == "signal_efficiency"]
        point = (targeted or scored.defined)[0]
    sample = events.set_index(["run", "event", "channel"])
    test = scored.test.assign(taken=scored.assigned(scored.test, point)).to_dict("records")
    for one in test:
        probability = sorted(one[f"p_{name}"] for name in scored.classes)
        one["threshold"] = point[3][scored.classes[0]] if two else np.nan
        one["score"] = one[f"p_{scored.classes[0] if two else one['true']}"]
        gap = abs(one["score"] - one["threshold"]) if two else probability[-1] - probability[-2]
        one["undecided"] = gap
        one["behind"] = gap if two else one[f"p_{one['taken']}"] - one[f"p_{one['true']}"]
    rows = []
    for name in scored.classes:
        mine = [one for one in test if one["true"] == name]
        right = [one for one in mine if one["taken"] == name]
        middle = np.median([one["score"] for one in right]) if right else np.nan
        used = []
        for kind in ("worst", "undecided", "typical"):
            left = {"worst": [one for one in mine if one["taken"] != name], "undecided": mine}
            left = [one for one in left.get(kind, right) if not any(one is other for other in used)]
            wrong = [one["taken"] for one in left]
            count = {other: wrong.count(other) for other in set(wrong)}
            before = dict.fromkeys(count, 0)
            if kind == "worst":
                for one in sorted(left, key=lambda one: -one["behind"]):
                    one["turn"] = before[one["taken"]]
                    before[one["taken"]] += 1
            keys = {
                "worst": lambda one: (one["turn"], -count[one["taken"]], -one["behind"]),  # noqa: B023
                "undecided": lambda one: one["undecided"],
                "typical": lambda one: abs(one["score"] - middle),  # noqa: B023
            }
            for one in sorted(left, key=keys[kind])[:number]:
                used.append(one)
                found = sample.loc[(one["run"], one["event"], one["channel"])]
                rows.append(
                    {
                        "class": name,
                        "kind": kind,
                        "assigned": one["taken"],
                        "working_point": point[0],
                        **{key: one[key] for key in ("run", "event", "channel")},
                        "entry": found["entry"],
                        **{key: one[key] for key in (scored.variable, "truth") if key in one},
                        "threshold": one["threshold"],
                        "score": one["score"],
                        **{f"p_{key}": one[f"p_{key}"] for key in scored.classes},
                        "row": found["row"],
                    }
                )
    return pd.DataFrame(rows)
