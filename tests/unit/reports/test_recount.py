"""Tables of weighted events of three classes, and of ties, by the independent code of the tests.

The finished run of tests/workflow has two classes, equal weights and two kinds of working points.
"""

import json
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from compare_cross_tests import main as compare_cross_tests
from helpers.recount import comparisons, model_tables, summary
from helpers.recount.agreement import (
    require_agreement,
    require_ends,
    require_metrics,
    require_same_numbers,
)
from helpers.recount.contamination import ROUGH, contamination
from helpers.recount.model_tables import TABLES
from helpers.recount.scored import read_scored, threshold_of
from helpers.recount.summary import with_bootstrap
from runsieve.config.report import Report
from runsieve.config.working_point import WorkingPoint
from runsieve.evaluation.choice import choose
from runsieve.evaluation.comparison import DIGITS, compare
from runsieve.evaluation.comparison_long import compare_long
from runsieve.evaluation.contamination import contamination_of
from runsieve.evaluation.evaluated import Evaluated
from runsieve.evaluation.metrics import summarise
from runsieve.evaluation.pairs import compare_pairs
from runsieve.evaluation.predictions import read_predictions
from runsieve.reports.model_report import Described, read_report, write_report
from runsieve.tables import rounded, write_csv

TWO, THREE = ["signal", "background"], ["muon", "pion", "kaon"]
POINTS = {
    "efficiency80": {"signal_efficiency": 0.8},
    "clean": {"background_rejection": 0.9},
    "f1": {"maximise": "f1"},
    "given": {"score": 0.4},
}
REPORT = {"edges": {"start": 0, "stop": 9, "step": 3}, "score_bins": 8, "bootstrap": 60}
SETTINGS = {"working_points": POINTS, "report": REPORT}


def write_scores(path, classes, seed, weighted=True, digits=2):
    """Scores with many ties, of 900 events; one in ten is of another class in truth."""
    generator = np.random.default_rng(seed)
    size = 900
    true = np.random.default_rng(0).integers(0, len(classes), size)
    logits = generator.normal(0, 1, (size, len(classes)))
    logits[np.arange(size), true] += 1.2
    odds = np.exp(logits)
    probability = np.round(odds / odds.sum(axis=1, keepdims=True), digits)
    labelled = np.random.default_rng(1)
    truth = np.where(labelled.random(size) < 0.1, (true + 1) % len(classes), true)
    names = np.array(classes)
    scores = pd.DataFrame(
        {
            "run": labelled.integers(1, 4, size),
            "event": np.arange(size),
            "channel": labelled.integers(1, 3, size),
            "class": names[true],
            "energy": labelled.uniform(0, 10, size),
            "split": labelled.choice(["train", "validation", "test"], size, p=[0.2, 0.4, 0.4]),
            "weight": labelled.choice([0.5, 1.0, 2.5], size) if weighted else np.ones(size),
            "truth": names[truth],
        }
    )
    for place, name in enumerate(classes):
        scores[f"p_{name}"] = probability[:, place].astype(np.float32)
    scores.to_parquet(path)
    return path


CASES = [(TWO, True, 2), (TWO, False, 6), (THREE, True, 2), (THREE, False, 6)]


@pytest.fixture(
    scope="module",
    params=CASES,
    ids=lambda case: f"{len(case[0])} classes, weighted {case[1]}, digits {case[2]}",
)
def report(request, tmp_path_factory):
    """Folder of a written report, and the recounted events of its scores."""
    classes, weighted, digits = request.param
    folder = tmp_path_factory.mktemp("report")
    path = write_scores(folder / "scores.parquet", classes, 5, weighted, digits)
    settings = Report(**REPORT)
    points = {name: WorkingPoint(**one) for name, one in POINTS.items()}
    described = Described("model", {})
    made = read_report({1: path}, classes, settings, points, described, {1: []})
    tables = [folder / f"{name}.csv" for name in [*TABLES, "roc"]]
    write_report(made, folder / "metrics.json", folder / "efficiency.txt", tables, [])
    return folder, read_scored(path, SETTINGS)


def judgements(report, table):
    folder, judged = report
    written = pd.read_csv(folder / f"{table}.csv")
    assert list(judged) == ["label", "truth"]
    for against, scored in judged.items():
        yield written[written["against"] == against].drop(columns=["seed", "against"]), scored


@pytest.mark.parametrize("table", TABLES)
def test_table_follows_from_the_scores(report, table):
    left_out = []
    if table == "working_points":
        names = ("closure", "at_target")
        left_out = [f"{name}_{end}" for name in names for end in ("low", "high")]
    rough = {"p_homogeneity": (0, 0.03)} if table == "groups" else None
    for written, scored in judgements(report, table):
        require_agreement(written, TABLES[table](scored), left_out, rough)


def test_intervals_of_working_points_are_those_of_another_bootstrap(report):
    for written, scored in judgements(report, "working_points"):
        rows = {(row["working_point"], row["class"]): row for row in written.to_dict("records")}
        drawn = model_tables.resampled(scored, threshold_of)
        for (name, one, quantity), (samples, events) in drawn.items():
            ends = (rows[name, one][quantity + suffix] for suffix in ("", "_low", "_high"))
            require_ends(*ends, samples, f"{name}, {one}", events)


def test_curve_follows_from_the_scores(report):
    for written, scored in judgements(report, "roc"):
        require_agreement(written, model_tables.roc(scored, written))


def test_metrics_follow_from_the_scores(report):
    folder, judged = report
    written = json.loads((folder / "metrics.json").read_text())["seeds"]["1"]
    recounted = summary.summary(judged)
    assert written["outside"] == recounted["outside"]
    assert written["majority"] == pytest.approx(recounted["majority"])
    require_same_numbers(written["train_against_test"], recounted["train_against_test"])
    for key, against in (("metrics", "label"), ("against_truth", "truth")):
        require_metrics(written[key], recounted[key], against)
        for name, samples in summary.resampled(judged[against]).items():
            ends = (written[key][name][part] for part in summary.PARTS)
            events = summary.rejected_from(judged[against]) if name == "rejection" else None
            require_ends(*ends, samples, name, events)
        for name, (low, high) in summary.drawn_intervals(judged[against]).items():
            ends = written[key][name]
            assert ends["low"] == pytest.approx(low, abs=0.05 * (high - low)), name
            assert ends["high"] == pytest.approx(high, abs=0.05 * (high - low)), name


@pytest.mark.parametrize("weighted", [False, True])
def test_contamination_follows_from_the_scores(tmp_path, weighted):
    path = write_scores(tmp_path / "scores.parquet", TWO, 5, weighted)
    points = {name: WorkingPoint(**one) for name, one in POINTS.items()}
    predictions = read_predictions(path, TWO, "energy")
    table = contamination_of(Evaluated.of(predictions, Report(**REPORT), points))
    write_csv(table, tmp_path / "contamination.csv")
    recounted = contamination(read_scored(path, SETTINGS)["label"])
    halved = [name for name in recounted if "estimated" in name or "change" in name]
    written = pd.read_csv(tmp_path / "contamination.csv")
    require_agreement(written, recounted, rough=dict.fromkeys(halved, ROUGH))


def test_comparison_of_several_seeds_follows_from_the_scores(tmp_path):
    trainings = {("dnn", 1): 5, ("dnn", 2): 6, ("dnn", 3): 9, ("base", 1): 7, ("oracle", 1): 8}
    summaries, scored, recounted, found = {}, {}, {}, {}
    for training, seed in trainings.items():
        path = write_scores(tmp_path / f"{seed}.parquet", TWO, seed)
        scored[training] = read_predictions(path, TWO, "energy")
        points = {name: WorkingPoint(**one) for name, one in POINTS.items()}
        evaluated = Evaluated.of(scored[training], Report(**REPORT), points)
        summaries["sample", *training] = summarise(evaluated, training[1])
        judged = read_scored(path, SETTINGS)
        recounted[training] = judged["label"]
        key = ("sample", *training)
        found[key] = with_bootstrap(summary.summary(judged), summaries[key])
    choices = {"sample": choose(scored, "base", "oracle")}
    path = tmp_path / "comparison.csv"
    write_csv(rounded(compare(summaries, choices, "oracle"), DIGITS), path)
    written = pd.read_csv(path, dtype={"seeds": str})
    parameters = dict.fromkeys([("sample", model) for model, _ in trainings])
    table = comparisons.comparison({"sample": recounted}, found, parameters, "base", "oracle")
    require_agreement(written, table, digits=comparisons.DIGITS)
    write_csv(rounded(compare_long(summaries), DIGITS), path)
    long = comparisons.comparison_long(found)
    require_agreement(pd.read_csv(path, dtype={"seed": str}), long, digits=comparisons.DIGITS)


@pytest.mark.parametrize("classes", [TWO, THREE])
def test_pairs_and_choice_follow_from_the_scores(tmp_path, classes):
    trainings = {("one", 1): 5, ("one", 2): 6, ("other", 1): 7, ("third", 1): 8}
    paths = {
        training: write_scores(tmp_path / f"{seed}.parquet", classes, seed)
        for training, seed in trainings.items()
    }
    scored = {training: read_predictions(path, classes) for training, path in paths.items()}
    recounted = {name: read_scored(path, SETTINGS)["label"] for name, path in paths.items()}
    write_csv(compare_pairs(scored, 1), tmp_path / "pairs.csv")
    write_csv(choose(scored, "other", "third"), tmp_path / "choice.csv")
    require_agreement(pd.read_csv(tmp_path / "pairs.csv"), comparisons.pairs(recounted, 1))
    choice = comparisons.choice(recounted, "other", "third")
    require_agreement(pd.read_csv(tmp_path / "choice.csv"), choice)


def test_cross_tests_follow_from_the_scores(tmp_path):
    """The small run of tests/workflow has none."""
    paths = {
        ("one", "first", "second"): write_scores(tmp_path / "1.parquet", THREE, 5),
        ("one", "second", "first"): write_scores(tmp_path / "2.parquet", THREE, 6, weighted=False),
    }
    rows = [list(row) for row in paths]
    job = SimpleNamespace(
        log=[tmp_path / "log"],
        params=SimpleNamespace(
            rows=rows,
            classes={"first": THREE, "second": THREE},
            simulated=False,
            order=["one"],
        ),
        input=SimpleNamespace(scores=list(paths.values())),
        output=SimpleNamespace(
            table=tmp_path / "cross_tests.csv", figures=[tmp_path / "cross_tests.svg"]
        ),
    )
    compare_cross_tests(job)
    tests = {row: read_scored(path, SETTINGS)["label"] for row, path in paths.items()}
    require_agreement(pd.read_csv(job.output.table), comparisons.cross_tests(tests))


@pytest.mark.parametrize(
    "change",
    [
        lambda table: table.assign(value=table["value"] * (1 + 1e-7)),
        lambda table: table.assign(count=table["count"] + 1),
        lambda table: table.assign(value=[np.nan, 0.25]),
        lambda table: table.assign(name=["a", "c"]),
        lambda table: table.assign(new=1),
        lambda table: table.drop(columns="value"),
        lambda table: table[:1],
    ],
)
def test_a_difference_is_seen(change):
    table = pd.DataFrame({"name": ["a", "b"], "count": [3, 4], "value": [0.5, 0.25]})
    require_agreement(table, table)
    with pytest.raises(AssertionError, match=r"written|recount"):
        require_agreement(change(table), table)


def test_other_ends_of_a_bootstrap_are_seen():
    samples = np.random.default_rng(1).normal(0, 1, 200)
    require_ends(0, -1.1, 0.9, samples, "near")
    for low, high in ((-1.1, 3), (-3, 0.9), (1, -1)):
        with pytest.raises(AssertionError):
            require_ends(0, low, high, samples, "far")
