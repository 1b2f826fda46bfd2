"""How far single trivial numbers tell the classes of simulated runs, beside a score that is strong.

`python docs/trivial_numbers.py` measures and writes the tables of docs/detector_models.md; a test
holds every number below half of the way from chance to the strong score, except in INFORMATIVE.
"""

import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any

import awkward as ak
import numpy as np
import pandas as pd
import uproot
from sklearn.metrics import roc_auc_score

REPOSITORY = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(REPOSITORY / "scripts"), str(REPOSITORY / "docs")]

from strong_scores import (  # noqa: E402
    SEED,
    Events,
    Scores,
    figure_alone,
    hits_in_squares,
    pulses_alone,
    seven_features,
    straightest,
    sums_in_circles,
    with_energy,
    without_energy,
)

from runsieve.config.load import load_analysis, merge  # noqa: E402
from runsieve.expressions import parse_for  # noqa: E402
from runsieve.models import catalogue  # noqa: E402
from runsieve.plan.plan import Plan  # noqa: E402
from runsieve.simulate.models import detector, parameters  # noqa: E402

DOCUMENT = REPOSITORY / "docs/detector_models.md"
FIRST = 8  # the first values, or the baseline, are the first eighth
NUMBERS = (
    "non-zero values",
    "sum",
    "sum above baseline",
    "maximum",
    "first values",
    "event number",
)


@dataclass(frozen=True)
class Case:
    """Simulated events of an analysis, what is seen of them, and a strong score.

    events: triggers by run. segments: parts of the values that begin with a baseline (0: an image).
    matched: column and bin width in which the classes are weighted to be equal. change: of the
    detector model's parameters.
    """

    analysis: str
    branch: str
    events: Mapping[int, int]
    best: Callable[[Events, np.ndarray], Scores]
    score: str
    channel: int = 0
    segments: int = 0
    matched: tuple[str, float] | None = None
    change: Mapping[str, Any] = field(default_factory=dict)


CRYSTAL = {
    "analysis": "cosine",
    "branch": "crystal3_waveform",
    "events": {1601: 500, 1858: 500},
    "channel": 3,
    "segments": 2,
}
CANDIDATES = {
    "analysis": "electrons",
    "events": {1: 1000, 2: 1000},
    "best": seven_features,
    "score": "boosted trees on the seven features",
}
CASES = {
    "crystals": Case(**CRYSTAL, best=with_energy, score="oracle"),
    "crystals, matched in energy": Case(
        **CRYSTAL, best=without_energy, score="oracle without energy", matched=("energy", 0.5)
    ),
    "chamber": Case(
        "gbar",
        "image",
        {1: 300, 2: 300, 3: 300},
        hits_in_squares,
        "random trees on squares of 8 x 8 pixels",
    ),
    "calorimeter, ECal": Case(**CANDIDATES, branch="ecal"),
    "calorimeter, HCal": Case(**CANDIDATES, branch="hcal"),
    "pictures": Case(
        "images",
        "image",
        {1: 600},
        figure_alone,
        "random trees on the figure, cut out",
        change={"kinds": {"training": [1] * 6}},
    ),
    "muons": Case(
        "muons",
        "calorimeter",
        {1: 1000, 2: 1000},
        sums_in_circles,
        "boosted trees on sums in circles",
    ),
    "shapes": Case(
        "waveforms",
        "waveform",
        {1: 1600},
        pulses_alone,
        "random trees on the pulses, cut out",
        segments=1,
    ),
    "planes": Case("tracks", "image", {1: 300}, straightest, "search for a straight line"),
}

# Case, class and number: why physics makes it informative.
INFORMATIVE = {
    ("crystals", "signal against background", "sum above baseline"): "Light is proportional to "
    "energy, and the spectra of the classes differ. Remedy: the sample matched in energy.",
    ("chamber", "background", "non-zero values"): "One muon leaves fewer hits than two to five "
    "pions.",
    ("chamber", "background", "sum"): "The same number: pixels are 0 or 1.",
    ("calorimeter, ECal", "jet against electron", "maximum"): "An electron leaves most of its "
    "energy in one cell, a jet shares it among particles.",
    ("calorimeter, HCal", "jet against electron", "non-zero values"): "Hadrons reach the HCal, "
    "electrons hardly do: this is what it is for.",
    ("calorimeter, HCal", "jet against electron", "sum"): "As for the non-zero values.",
    ("calorimeter, HCal", "jet against electron", "maximum"): "As for the non-zero values.",
    ("muons", "prompt against heavy", "sum"): "It is the isolation within 0.4.",
    ("muons", "prompt against heavy", "maximum"): "A particle of the jet leaves its energy in one "
    "cell.",
    ("shapes", "decay_double", "sum"): "Two pulses have twice the area.",
    **{
        ("shapes", f"ringing_{order}", "sum"): "What rings about the baseline has hardly any area."
        for order in ("backwards", "double", "falling", "single")
    },
}


# Measuring


def simulated(case: Case, folder: Path) -> tuple[Events, np.ndarray]:
    """The selected events of all runs of a case at demo scale, and their classes."""
    plan = Plan(load_analysis(case.analysis, "demo", catalogue()), {"data": "", "results": ""})
    simulation = plan.settings.simulate
    settings = merge(simulation.parameters, dict(case.change))
    parts = []
    for run, count in case.events.items():
        path = folder / f"run{run}.root"
        detector(simulation.model).write_run(
            path,
            run=run,
            kind=plan.runs[run].kind,
            events=count,
            channels=[case.channel],
            parameters=parameters(simulation.model).model_validate(settings),
            seed=SEED,
        )
        parts.append(_selected(plan, run, path, case))
    events = {name: np.concatenate([part[0][name] for part in parts]) for name in parts[0][0]}
    return events, np.concatenate([part[1] for part in parts])


def _selected(plan: Plan, run: int, path: Path, case: Case) -> tuple[Events, np.ndarray]:
    with uproot.open(path) as file:
        trees = [file[name] for name in ("truth", "event") if name in file]
        raw = {branch.name: branch.array() for tree in trees for branch in tree.branches}
    columns = {
        name: parse_for(text, case.channel).evaluate(raw)
        for name, text in plan.settings.columns.items()
        if isinstance(text, str)  # no selection needs those that a function computes
    }
    classes = np.full(len(raw["event"]), "", dtype=object)
    for name, steps in plan.steps(run).items():
        cuts = [parse_for(cut, case.channel).evaluate(columns) for cut in steps.values()]
        classes[np.logical_and.reduce([np.ones(len(classes), bool), *cuts])] = name
    passed = classes != ""
    wanted = {name: _plain(array[passed]) for name, array in raw.items()}
    return wanted | {"energy": columns.get("energy", passed)[passed]}, classes[passed].astype(str)


def _plain(array: ak.Array) -> np.ndarray:
    return ak.to_numpy(array if array.ndim == 1 else ak.to_regular(array, axis=None))


def trivial_numbers(values: np.ndarray, number: np.ndarray, segments: int = 0) -> Events:
    """The trivial numbers of events by name, each of shape (events,).

    values: shape (events, ...), in `segments` equal parts that begin with a baseline (0: an image,
    which has none); number: the event numbers.
    """
    parts = values.reshape(len(values), max(segments, 1), -1)
    first = parts[:, :, : parts.shape[2] // FIRST].mean(axis=2)
    total = parts.sum(axis=2, dtype=float)
    found = {
        "non-zero values": np.count_nonzero(parts, axis=(1, 2)),
        "sum": total.sum(axis=1),
        "maximum": parts.max(axis=(1, 2)),
        "first values": first.mean(axis=1),
        "event number": number,
    }
    if segments:
        found["sum above baseline"] = (total - parts.shape[2] * first).sum(axis=1)
    return {name: found[name].astype(float) for name in NUMBERS if name in found}


def matching_weights(values: np.ndarray, classes: np.ndarray, width: float) -> np.ndarray:
    """Weights with which each class has the same sum in every bin of `values`."""
    counts = pd.crosstab(np.floor(values / width), classes)
    weights = counts.rdiv(counts.min(axis=1), axis=0)
    return np.array(
        [weights.at[key] for key in zip(np.floor(values / width), classes, strict=True)]
    )


def separation(mine: np.ndarray, values: np.ndarray, weights: np.ndarray | None = None) -> float:
    """AUC of one class against the rest, whichever way round the values go."""
    auc = roc_auc_score(mine, values, sample_weight=weights)
    return max(auc, 1 - auc)


def measured(cases: Mapping[str, Case] = CASES) -> pd.DataFrame:
    """Columns case, class, events, score, best (AUC), limit, and an AUC per trivial number.

    Each analysis is simulated once; its cases differ in what they look at.
    """
    rows = []
    for analysis, group in groupby(cases.items(), key=lambda item: item[1].analysis):
        named = dict(group)
        with tempfile.TemporaryDirectory() as folder:
            seen = simulated(next(iter(named.values())), Path(folder))
        print(f"{analysis}: {len(seen[1])} events", flush=True)
        rows += [row for name, case in named.items() for row in _rows(name, case, *seen)]
    table = pd.DataFrame(rows)
    # None of these cases may have a baseline.
    return table.reindex(columns=list(dict.fromkeys([*table.columns, *NUMBERS])))


def _rows(name: str, case: Case, events: Events, classes: np.ndarray) -> Iterator[dict[str, Any]]:
    weights = None
    if case.matched is not None:
        weights = matching_weights(events[case.matched[0]], classes, case.matched[1])
    numbers = trivial_numbers(events[case.branch], events["event"], case.segments)
    best = case.best(events, classes)
    names = np.unique(classes)
    for one in names if len(names) > 2 else names[-1:]:
        mine = classes == one
        top = roc_auc_score(mine, best[one], sample_weight=weights)
        yield {
            "case": name,
            "class": one if len(names) > 2 else f"{one} against {names[0]}",
            "events": len(classes),
            "score": case.score,
            "best": top,
            "limit": 0.5 + (top - 0.5) / 2,
            **{key: separation(mine, values, weights) for key, values in numbers.items()},
        }


def informative(table: pd.DataFrame) -> set[tuple[str, str, str]]:
    """Case, class and number of all numbers beyond their limits."""
    return {
        (row["case"], row["class"], number)
        for _, row in table.iterrows()
        for number in NUMBERS
        if row[number] > row["limit"]
    }


# Writing


def table_of(table: pd.DataFrame) -> str:
    """Markdown of what was measured; informative numbers are in bold."""
    lines = [
        f"| case | class | events | strong score | AUC of it | limit | {' | '.join(NUMBERS)} |",
        f"| --- | --- | ---: | --- | {'| '.join(['---: '] * (2 + len(NUMBERS)))}|",
    ]
    beyond = informative(table)
    for _, row in table.iterrows():
        cells = [
            _cell(row[number], (row["case"], row["class"], number) in beyond) for number in NUMBERS
        ]
        lines.append(
            f"| {row['case']} | {row['class']} | {row['events']} | {row['score']} | "
            f"{row['best']:.3f} | {row['limit']:.3f} | {' | '.join(cells)} |"
        )
    return "\n".join([*lines, ""])


def _cell(auc: float, bold: bool) -> str:
    if np.isnan(auc):
        return ""
    return f"**{auc:.3f}**" if bold else f"{auc:.3f}"


def reasons() -> str:
    """Markdown of the informative numbers and why."""
    lines = ["| case | class | number | why |", "| --- | --- | --- | --- |"]
    lines += [f"| {' | '.join(key)} | {why} |" for key, why in INFORMATIVE.items()]
    return "\n".join([*lines, ""])


def between(text: str, marker: str) -> tuple[str, str, str]:
    """What stands before, within and after the part of the document with this name."""
    start, end = f"<!-- {marker} -->\n\n", f"\n<!-- end of {marker} -->"
    before, rest = text.split(start)
    within, after = rest.split(end)
    return before + start, within, end + after


if __name__ == "__main__":
    os.chdir(REPOSITORY)
    text = DOCUMENT.read_text()
    for marker, content in (("measured", table_of(measured())), ("informative", reasons())):
        before, _, after = between(text, marker)
        text = before + content + after
    DOCUMENT.write_text(text)
