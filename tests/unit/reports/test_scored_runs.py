"""The report of scored runs, by its script, and recounted by the independent code of the tests."""

import io
from contextlib import redirect_stdout
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

import report_scored_runs
from helpers.recount.agreement import require_agreement
from helpers.recount.scored import read_scored
from helpers.recount.scored_runs import Run, kept_events, point_of, spectrum, stability

TWO, THREE = ["signal", "background"], ["a", "b", "c"]
POINTS = {
    "clean": {"background_rejection": 0.9},
    "efficiency80": {"signal_efficiency": 0.8},
    "half": {"score": 0.5},
}
EDGES = {"start": 0, "stop": 9, "step": 3}
CHANNELS = [2, 5]
ROUGH = {"p_fraction": (0, 0.03), "p_rate": (0, 0.03)}
CASES = {
    "two classes": {"classes": TWO},
    "three classes": {"classes": THREE},
    "no variable": {"classes": TWO, "report": {"variable": None}},
    "no live time": {"classes": TWO, "days": {}},
    "one live time is missing": {"classes": TWO, "days": {11: 0.5}},
    "masses": {"classes": TWO, "masses": {2: 8.5, 5: 12.25}},
    "not drawn evenly": {"classes": THREE, "evenly": False},
    "folds": {"classes": TWO, "splits": ["test", ""]},
    "few events": {"classes": TWO, "events": 25},
}


def events_of(generator, classes, events):
    """Events of which half are of the first class, with some ties of scores."""
    true = np.where(generator.random(events) < 0.5, 0, generator.integers(0, len(classes), events))
    odds = np.exp(generator.normal(0, 1, (events, len(classes))) + np.eye(len(classes))[true])
    probability = np.round(odds / odds.sum(axis=1, keepdims=True), 3).astype(np.float32)
    table = {"event": 7 + np.arange(events), "channel": generator.choice(CHANNELS, events)}
    table |= {"energy": generator.uniform(0, 10, events)}
    table |= {f"p_{name}": probability[:, place] for place, name in enumerate(classes)}
    return pd.DataFrame(table).assign(**{"class": np.array(classes)[true]})


@pytest.fixture(scope="module", params=CASES.values(), ids=CASES)
def case(request, tmp_path_factory):
    """Folder of a written report, the scored sample, its runs, what is given, and the log."""
    tmp_path = tmp_path_factory.mktemp("report")
    given = {"report": {"variable": "energy", "edges": EDGES}, "masses": {}, "evenly": True}
    given |= {"days": {11: 0.5, 12: 1.25, 30: 2.0}, "splits": ["train", "validation", "test", ""]}
    given |= {"events": 700} | request.param
    classes, generator = given["classes"], np.random.default_rng(3)
    sample = events_of(generator, classes, 900).assign(run=11)
    sample["split"] = generator.choice(["train", "validation", "test"], 900)
    sample["weight"] = generator.choice([0.5, 2.0], 900)
    sample.to_parquet(tmp_path / "scores.parquet")
    scored = read_scored(
        tmp_path / "scores.parquet", {"working_points": POINTS, "report": given["report"]}
    )["label"]
    point, thresholds = point_of(scored)
    runs = {}
    for run, kind in ((12, "physics"), (11, "physics"), (30, "calibration")):
        table = events_of(generator, classes, given["events"]).assign(run=run)
        table["entry"] = np.sort(generator.choice(5000, len(table), replace=False))
        table["selected"] = generator.random(len(table)) < 0.9
        table["split"] = generator.choice(given["splits"], len(table))
        for name, limit in thresholds.items():
            column = f"pass_{point}" + (f"_{name}" if len(classes) > 2 else "")
            table[column] = table[f"p_{name}"].astype(float) >= limit
        table.to_parquet(tmp_path / f"run{run}.parquet")
        days = given["days"].get(run, np.nan)
        runs[run] = Run(tmp_path / f"run{run}.parquet", kind, days, given["evenly"])
    with redirect_stdout(io.StringIO()) as log:
        report_scored_runs.main(job_of(tmp_path, runs, given))
    return tmp_path, scored, runs, given, log.getvalue()


def job_of(folder, runs, given):
    names = ("spectrum", "stability", "kept")
    figures = [folder / f"{name}.{end}" for name in names[:2] for end in ("svg", "png")]
    described = [
        {
            "run": number,
            "kind": run.kind,
            "livetime": None if np.isnan(run.days) else run.days,
            "evenly": run.evenly,
        }
        for number, run in sorted(runs.items())
    ]
    return SimpleNamespace(
        log=[folder / "log"],
        input=SimpleNamespace(
            tables=[run.table for _, run in sorted(runs.items())],
            scores=folder / "scores.parquet",
        ),
        output=SimpleNamespace(**{name: folder / f"{name}.csv" for name in names}, figures=figures),
        params=SimpleNamespace(
            runs=described,
            channels={channel: given["masses"].get(channel) for channel in CHANNELS},
            classes=given["classes"],
            titles={},
            report=given["report"],
            working_points=POINTS,
            name="model on sample",
            simulated=True,
        ),
    )


def test_tables_follow_from_the_scores_of_the_runs(case):
    folder, scored, runs, given, _ = case
    written = pd.read_csv(folder / "spectrum.csv")
    recounted = spectrum(scored, runs, CHANNELS, given["masses"])
    require_agreement(written.astype({"run": str, "channel": str}), as_text(recounted))
    assert written["corrected"].notna().any() == given["evenly"]
    written = pd.read_csv(folder / "stability.csv")
    recounted = stability(scored, runs, CHANNELS)
    require_agreement(written.astype({"run": str, "channel": str}), as_text(recounted), rough=ROUGH)
    written = pd.read_csv(folder / "kept.csv")
    require_agreement(written, kept_events(scored, runs, CHANNELS))
    assert len(written) > 20


def as_text(table):
    return table.astype({"run": str, "channel": str})


def test_figures_are_drawn(case):
    folder = case[0]
    for name in ("spectrum", "stability"):
        text = (folder / f"{name}.svg").read_text(encoding="utf-8")
        assert "Simulation" in text and "model on sample" in text
        assert (folder / f"{name}.png").stat().st_size > 1000


def test_events_outside_of_the_bins_are_in_the_log(case):
    _, _, runs, given, log = case
    tables = pd.concat([pd.read_parquet(run.table) for run in runs.values()])
    number = int((tables["selected"] & (tables["energy"] > 9)).sum())
    said = f"{number} selected events are outside the bins of energy"
    assert (said in log) == ("edges" in given["report"])
