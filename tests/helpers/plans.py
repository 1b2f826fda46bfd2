"""Plans of a small analysis, made in memory."""

from collections.abc import Iterable, Mapping
from typing import Any

from runsieve.config.load import Loaded, merge
from runsieve.config.run_sheet import Run
from runsieve.config.scores import ScoredRuns
from runsieve.models import catalogue
from runsieve.plan.plan import Plan

ROOTS = {"data": "data", "results": "results"}
RUNS: list[dict[str, Any]] = [
    {"run": 1, "kind": "calibration", "events": 1000},
    {"run": 2, "kind": "physics", "events": 5000},
    {"run": 3, "kind": "noise", "events": 70},
]
ANALYSIS: dict[str, Any] = {
    "title": "A study",
    "description": "What it is about.",
    "channels": [1, 2],
    "channel_name": "crystal",
    "columns": {
        "run": "runno",
        "event": "evtno",
        "energy": "e{channel} / 1000",
        "hits": "nhit",
        "veto": "muon",
        "gain1": "gain[0]",
        "gain2": "gain[1]",
    },
    "keep": ["energy"],
    "selection": {
        "precut": {"energy": "energy > 0"},
        "by_kind": {"calibration": {"coincidence": "hits > 1"}},
    },
    "classes": {
        "signal": {"kinds": ["calibration"], "title": "Signal"},
        "background": {"kinds": ["physics"]},
    },
    "inputs": {
        "waveform": {"branches": ["w{channel}"], "shape": [100]},
        "ratio": {"branches": ["r1", "r2"], "shape": [2], "tree": "truth"},
        "numbers": {"columns": ["energy"]},
    },
    "samples": {"all": {}},
    "models": {
        "small": {"type": "network", "towers": {"waveform": None}, "dense": {"units": [4]}},
        "trees": {"type": "gradient_boosting", "inputs": ["waveform", "numbers"]},
        "bins": {"type": "binned", "column": "energy", "edges": {"values": [0, 5, 10]}},
        "best": {"type": "likelihood_ratio", "input": "ratio"},
    },
    "seeds": [4, 5],
    "baseline": "bins",
    "oracle": "best",
    "report": {"edges": {"values": [0, 5, 10]}, "bootstrap": 10},
    "simulate": {"model": "crystals", "scale": {"physics": 0.01}},
}
PEAK = {"file": "mine.py", "inputs": ["waveform"]}


def plan_of(
    changes: Mapping[str, Any] | None = None,
    runs: Iterable[Mapping[str, Any]] = RUNS,
    name: str = "study",
    roots: Mapping[str, str] = ROOTS,
) -> Plan:
    """The plan of the analysis above with some values changed; null removes one."""
    settings = catalogue().analysis.model_validate(merge(ANALYSIS, dict(changes or {})))
    sheet, scored = [Run.model_validate(run) for run in runs], ScoredRuns(settings.scores)
    return Plan(Loaded(name, settings, sheet, scored=scored), roots)
