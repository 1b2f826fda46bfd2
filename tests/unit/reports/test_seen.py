"""What figures show, in words."""

import pandas as pd

from runsieve.reports.page import seen

TITLES = {"signal": "scintillation"}


def test_a_decision_says_who_is_highest():
    rows = [("a", 0, 0.2), ("a", 5, 0.9), ("b", 0, 0.3), ("b", 5, 0.8), ("a", 10, 0.7)]
    table = pd.DataFrame(rows, columns=["model", "low", "efficiency"])
    table = table.assign(high=table["low"] + 5, variable="energy")
    table["class"] = "signal"
    assert seen.decision(table, TITLES) == (
        "Efficiency of scintillation of 2 models against energy 0 to 15: a 0.20 to 0.90, "
        "b 0.30 to 0.80; a is highest in 2 of 3 bins."
    )
    whole = table.head(1).assign(low=None, high=None)
    assert "against all events: a 0.20 to 0.20; a is highest in 1 of 1 bins" in seen.decision(
        whole, {}
    )
    assert seen.decision(table.assign(efficiency=None), TITLES) == ""


def test_a_gallery_says_how_many_of_each():
    table = pd.DataFrame({"class": ["signal"] * 3, "kind": ["worst", "worst", "typical"]})
    table["score"] = [0.01, 0.2, 0.9]
    assert seen.gallery(table, TITLES) == (
        "2 worst of scintillation with scores from 0.01 to 0.20; "
        "1 typical of scintillation with scores from 0.90 to 0.90."
    )


def test_a_contamination_is_told_of_each_model():
    rows = {"model": ["a", "a", "b", "b"], "contamination_estimated": [0.5, 0.25, 0.1, None]}
    table = pd.DataFrame(rows)
    assert seen.contamination(table) == "In all, 0.250 by a."
    known = table.assign(contamination_true=0.2)
    assert seen.contamination(known) == "In all, 0.250 by a; 0.200 in truth."
    assert seen.contamination(table.tail(1)) == "No estimate."


def test_the_worst_is_named():
    points = pd.DataFrame({"predicted": [0.1, 0.5], "observed": [0.1, 0.7]})
    assert "at a predicted probability of 0.50, where 0.70 is observed" in seen.reliability(points)
    matrix = pd.DataFrame(
        {"working_point": "x", "true_class": ["signal", "b"], "signal": [9, 3], "b": [1, 7]}
    )
    assert "3 events with the label b are taken for scintillation" in seen.confusion(matrix, TITLES)
    cuts = pd.DataFrame(
        {"class": "signal", "step": ["all", "energy", "veto"], "passed": [100, 20, 18]}
    ).assign(efficiency=[None, 20.0, 90.0])
    assert seen.cutflow(cuts, TITLES) == (
        "scintillation: 18 of 100 are left, energy keeps least (20.0 %)."
    )
