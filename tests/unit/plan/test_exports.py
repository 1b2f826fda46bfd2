"""What a plan says of networks for software outside of the workflow."""

import pytest

from helpers.plans import ANALYSIS, PEAK, plan_of
from runsieve.errors import RunsieveError
from runsieve.plan.exports import described_inputs, exported_facts, exported_network, exports

IMAGE = {"branches": ["pixels"], "shape": [8, 6]}


def described(settings, columns=None, friends=None):
    """What is said of an input of these settings."""
    changes = {
        "inputs": {"seen": settings},
        "models": {"small": {"towers": {"seen": {}}}},
        "columns": columns or {},
        "friends": friends or {},
    }
    return described_inputs(plan_of(changes), "small")["seen"]


def test_a_waveform_with_a_window_in_each_segment():
    axes = {"sample_ns": 2, "unit": "ADC counts", "names": ["PMT 0", "PMT 1"]}
    window = {"start": 10, "stop": 50}
    found = described(
        {"branches": ["w{channel}"], "shape": [80], "tree": "raw"}
        | {"segments": 2, "window": window, "axes": axes}
    )
    assert found == {
        "order": "2 segments of 40 values, every 2 ns: PMT 0, then PMT 1",
        "unit": "ADC counts",
        "tree": "raw",
        "read": ["w{channel}"],
        "segments": 2,
        "start": 10,
        "length": 40,
        "beyond": None,
    }


@pytest.mark.parametrize(
    ("settings", "order", "unit"),
    [
        ({"branches": ["left", "right"], "shape": [80]}, "2 segments of 40 values: left, then", ""),
        ({"branches": ["w"], "shape": [80]}, "in order of time", ""),
        (
            {"branches": ["w"], "shape": [80], "axes": {"unit": "mV", "unit_per_count": 0.122}},
            "in order of time",
            "counts of 0.122 mV",
        ),
        ({"branches": ["w"], "shape": [80], "segments": 4}, "4 segments of 20 values", ""),
        (IMAGE, "the axes of pixels", ""),
        (
            {"branches": ["red", "blue"], "shape": [8, 6, 2], "join": "last"},
            "along the last axis red, blue",
            "",
        ),
        ({"columns": ["energy", "hits"]}, "one value each: energy, hits", ""),
    ],
)
def test_the_order_of_values_in_words(settings, order, unit):
    found = described(settings)
    assert found["order"].startswith(order)
    assert found["unit"] == unit


FRIENDS = {"vetoes": {"tree": "veto"}}


@pytest.mark.parametrize(
    ("settings", "beyond"),
    [
        (IMAGE | {"files": "friend{run}.root"}, "it is in files of its own"),
        (
            {"branches": ["w"], "shape": [9], "window": {"start": "hits", "length": 9}},
            "its window starts at hits",
        ),
        (
            {
                "branches": ["w"],
                "shape": [9],
                "window": {"start": {"calibration": 3, "physics": "hits", "noise": 0}, "length": 9},
            },
            "its window starts at 3, hits, 0",
        ),
        ({"branches": ["w"], "shape": [9], "baseline": "hits / 2"}, "hits / 2 is subtracted"),
        (
            IMAGE | {"reduce": {"factor": 2, "by": "max"}},
            "each block of 2 x 2 pixels becomes its max",
        ),
        (
            {"branches": ["red", "blue"], "shape": [8, 6, 2], "join": "last"},
            "its branches are joined along the last axis",
        ),
        (IMAGE | {"branches": ["vetoes.pixels"]}, "it needs the friend vetoes"),
        ({"columns": ["muon"]}, "it needs the friend vetoes"),
        ({"columns": ["threshold"]}, "the column threshold is in the run sheet"),
        ({"columns": ["peak"]}, "the column peak is computed by mine.py"),
    ],
)
def test_what_takes_more_than_branches_and_a_window_is_said(settings, beyond):
    columns = {"muon": "vetoes.muon", "threshold": "sheet.threshold", "peak": PEAK}
    found = described(settings, columns, FRIENDS)
    assert found["beyond"] == beyond
    assert found["length"] == 0


def test_expressions_of_columns_are_those_of_their_branches():
    found = described({"columns": ["ratio", "hits"]}, {"ratio": "e{channel} / nhit"})
    assert found["read"] == ["e{channel} / nhit", "nhit"]


def test_where_the_events_are():
    facts = exported_facts(plan_of({"samples": {"all": {"channels": [2]}}}), "all", "small")
    assert facts == {
        "analysis": "study",
        "sample": "all",
        "model": "small",
        "tree": "event",
        "event": "evtno",
        "channels": [2],
    }
    folds = plan_of({"samples": {"all": {"folds": 3}}})
    assert exported_facts(folds, "all/fold2", "small")["channels"] == ANALYSIS["channels"]


def test_the_networks_of_all_samples_that_are_compared():
    changes = {"samples": {"halves": {"folds": 2}, "null": {"null_test": True}}}
    plans = {"study": plan_of(changes)}
    assert exports(plans) == [
        f"results/study/models/{sample}/small/seed{seed}/model.onnx"
        for sample in ("all", "halves/fold1", "halves/fold2")
        for seed in (4, 5)
    ]


def test_a_baseline_is_refused():
    plan = plan_of()
    assert exported_network(plan, "all", "small", 5).endswith("all/small/seed5/model.keras")
    with pytest.raises(RunsieveError, match=r"models\.trees: only networks can be written as ONNX"):
        exported_network(plan, "all", "trees", 4)
