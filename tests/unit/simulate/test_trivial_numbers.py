"""No single trivial number tells the classes of simulated runs, unless physics says so."""

import contextlib
import re
import runpy

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.places import ROOT
from runsieve.config.load import load_analysis
from runsieve.models import catalogue
from runsieve.simulate.models import DETECTORS

TOOL = runpy.run_path(str(ROOT / "docs/trivial_numbers.py"))
TEXT = TOOL["DOCUMENT"].read_text()
CASES, NUMBERS, INFORMATIVE = TOOL["CASES"], TOOL["NUMBERS"], TOOL["INFORMATIVE"]


@pytest.fixture(scope="module")
def measured():
    with contextlib.chdir(ROOT):
        return TOOL["measured"]()


def rows(part):
    """Cells of the table in a part of the document, without its head."""
    _, within, _ = TOOL["between"](TEXT, part)
    return [line.strip("| ").split(" | ") for line in within.splitlines()[2:] if line]


def test_every_detector_model_is_measured(monkeypatch):
    monkeypatch.chdir(ROOT)
    analyses = {case.analysis for case in CASES.values()}
    models = {load_analysis(name, "demo", catalogue()).settings.simulate.model for name in analyses}
    assert models == set(DETECTORS.names)


def test_only_numbers_with_a_physical_reason_are_informative(measured):
    assert TOOL["informative"](measured) == set(INFORMATIVE)


def test_strong_scores_are_strong(measured):
    strong = measured.set_index("case")["best"]
    assert strong.drop("muons").min() > 0.9
    assert strong["muons"] > 0.75, "isolation alone; networks that see the image are to be better"
    candidates = measured[measured["case"] == "calorimeter, ECal"].iloc[0]
    assert candidates["best"] == pytest.approx(0.947, abs=0.015), "as in the study"


def test_the_document_says_what_was_measured_and_why():
    assert TOOL["between"](TEXT, "informative")[1] == TOOL["reasons"]()


def test_the_document_holds_the_measured_figures(measured):
    written = rows("measured")
    assert [tuple(cells[:2]) for cells in written] == list(
        zip(measured["case"], measured["class"], strict=True)
    )
    for cells, (_, row) in zip(written, measured.iterrows(), strict=True):
        figures = [float(cell.strip("* ") or "nan") for cell in cells[4:]]
        expected = [row[name] for name in ("best", "limit", *NUMBERS)]
        assert figures == pytest.approx(expected, abs=0.01, nan_ok=True), cells[:2]
        assert int(cells[2]) == row["events"]


def test_trivial_numbers_by_hand():
    values = np.zeros((1, 2, 16), dtype=np.uint16)
    values[0, 0], values[0, 1] = 3, 5  # two records with their baselines
    values[0, 1, 9] = 25
    found = TOOL["trivial_numbers"](values, np.array([7]), segments=2)
    assert {name: one[0] for name, one in found.items()} == {
        "non-zero values": 32,
        "sum": 16 * 8 + 20,
        "sum above baseline": 20,
        "maximum": 25,
        "first values": 4,
        "event number": 7,
    }
    image = TOOL["trivial_numbers"](values, np.array([7]))
    assert "sum above baseline" not in image
    assert image["first values"][0] == 3


@settings(max_examples=15)
@given(st.integers(0, 10_000))
def test_matching_weights_make_the_classes_equal_in_every_bin(seed):
    rng = np.random.default_rng(seed)
    values, classes = rng.exponential(2, 300), rng.choice(["a", "b", "c"], 300, p=[0.6, 0.3, 0.1])
    weights = TOOL["matching_weights"](values, classes, 0.5)
    assert ((weights >= 0) & (weights <= 1)).all()
    sums = pd.crosstab(np.floor(values / 0.5), classes, weights, aggfunc="sum").fillna(0)
    counts = pd.crosstab(np.floor(values / 0.5), classes)
    for name in "abc":
        assert sums[name].to_numpy() == pytest.approx(counts.min(axis=1).to_numpy())


def test_a_number_that_tells_is_found_whichever_way_round_it_goes():
    mine = np.repeat([True, False], 50)
    assert TOOL["separation"](mine, np.where(mine, 0.0, 1.0)) == 1
    assert TOOL["separation"](mine, np.where(mine, 1.0, 0.0)) == 1
    row = dict.fromkeys(NUMBERS, 0.6) | {"case": "x", "class": "y", "limit": 0.72, "sum": 0.73}
    assert TOOL["informative"](pd.DataFrame([row])) == {("x", "y", "sum")}


def test_the_document_names_seed_and_events():
    assert re.search(rf"seed {TOOL['SEED']}\b", TEXT)
