"""The files that the page shows of an analysis, with made results in them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from helpers import paired_scores
from helpers.scored_examples import POINTS, random_predictions
from helpers.scored_runs import counts_of, cut_of, efficiency_of
from helpers.selected_runs import runs
from runsieve.config.base import Edges
from runsieve.config.report import Report
from runsieve.evaluation.choice import choose
from runsieve.evaluation.comparison import compare
from runsieve.evaluation.comparison_long import compare_long
from runsieve.evaluation.null_tests import NullTest, null_test_table
from runsieve.evaluation.pairs import compare_pairs
from runsieve.evaluation.predictions import Predictions
from runsieve.evaluation.rates import Exposure, rate_table
from runsieve.evaluation.shifts import ShiftTest, shift_table
from runsieve.evaluation.working_points import Decision
from runsieve.reports.model_report import Described, ModelReport, judge, write_report
from runsieve.reports.page.files import AnalysisFiles, ModelFiles
from runsieve.reports.sample_report import at_headline, of_models
from runsieve.samples.duplicates import search
from runsieve.scoring.counting import ScoredRun
from runsieve.scoring.spectrum import spectrum_table
from runsieve.scoring.stability import stability_table
from runsieve.selection.statistics import (
    class_ratios,
    count_events,
    pooled_cutflow,
    read_cutflows,
)
from runsieve.tables import write_csv, write_json, write_text

SVG = """<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"
 width="72pt" height="36pt" viewBox="0 0 72 36"><metadata>when</metadata>
<defs><clipPath id="c"><rect width="9" height="9"/></clipPath><path id="m" d="M 0 0 L 1 1"/></defs>
<g id="figure_1"><use xlink:href="#m" x="3" clip-path="url(#c)" style="stroke: #000000"/>
<text style="fill: #000000; font-size: 9px">energy / keV</text></g></svg>"""
DIAGNOSIS = {
    "epochs": 2,
    "kept_epoch": 1,
    "seconds": 3.5,
    "diagnoses": [
        {
            "name": "dead_network",
            "fired": True,
            "value": 0.25,
            "limit": 0.5,
            "finding": "Dead.",
            "value_is": "spread of scores",
            "fires": "below the limit",
        },
        {
            "name": "one_class",
            "fired": False,
            "value": None,
            "limit": 1.5,
            "value_is": "fraction of one class",
            "fires": "above the limit",
        },
    ],
}


def write_page_files(analysis: AnalysisFiles, made_of: Path) -> None:
    """Write every file that `analysis` names; the event lists behind it go to `made_of`."""
    _write_data(analysis, made_of)
    metrics = {
        (model.sample, model.model, seed): judged.metrics
        for model in analysis.models
        for seed, judged in _write_model(model, analysis.classes).seeds.items()
    }
    _write_null_tests(analysis)
    _write_cross_tests(analysis)
    _write_shifts(analysis)
    _write_scored(analysis)
    choices = {}
    for sample in analysis.samples:
        _write_drawn(sample.drawn, analysis.classes)
        write_csv(search({}, pd.DataFrame(), pictures=False), sample.duplicates)
        scored = {
            (one.model, seed): random_predictions(analysis.classes, seed=seed)
            for one in analysis.models
            if one.sample == sample.name
            for seed in one.seeds
        }
        write_csv(compare_pairs(scored, seed=1), sample.pairs)
        models = {one.model: one.tables["efficiency"] for one in analysis.models}
        write_csv(at_headline(of_models(models), POINTS)[0], sample.decision)
        if sample.gallery is not None:
            examples = {"model": "cnn", "class": analysis.classes, "kind": "worst", "run": 1}
            write_csv(pd.DataFrame(examples | {"event": 17, "score": 0.25}), sample.gallery)
        choices[sample.name] = choose(scored, analysis.baseline, analysis.oracle)
        _write_figures(sample.figures)
    write_csv(compare(metrics, choices, analysis.oracle), analysis.comparison)
    write_csv(compare_long(metrics), analysis.comparison_long)
    _write_origin(analysis)
    _write_figures(analysis.figures)


def _write_origin(analysis: AnalysisFiles) -> None:
    """What says how the results were made: from one run of a detector."""
    run = {"run": 7, "kind": "physics", "origin": "files", "files": {"a.root": "sha256:12"}}
    content = {"date": "2026-01-02T03:04:05+00:00", "commit": "abc123" + 34 * "0"}
    content |= {"modified": True, "scale": "demo", "versions": {"python": "3.14"}}
    write_json({**content, "trained_on": [{"cores": 2}], "runs": [run]}, analysis.provenance)
    write_text("title: a <b>\n", analysis.configuration)
    jobs = {"rule": ["train_network"], "jobs": 3, "seconds": 12.34}
    write_csv(pd.DataFrame(jobs), analysis.resources)
    write_csv(pd.DataFrame(jobs).assign(host="node"), analysis.hosts)


def _write_data(analysis: AnalysisFiles, made_of: Path) -> None:
    _, cutflows = runs(made_of)
    cutflow = read_cutflows(cutflows)
    statistics = count_events(cutflow)
    write_csv(cutflow, analysis.cutflow)
    write_csv(pooled_cutflow(cutflow, analysis.classes), analysis.pooled)
    write_csv(statistics, analysis.statistics)
    write_csv(class_ratios(statistics, analysis.classes), analysis.ratios)


def _write_model(model: ModelFiles, classes: Sequence[str]) -> ModelReport:
    """Write the report of a model, and its cards; return the report."""
    diagnoses = [{"parameters": 7, "warnings": ["Loss < 0 & dead."]}] if model.cards else []
    judged = {
        seed: judge(
            random_predictions(classes, seed=seed), Report(bootstrap=10), POINTS, seed, diagnoses
        )
        for seed in model.seeds
    }
    report = ModelReport(Described("name", {}), judged)
    write_report(report, model.metrics, model.efficiency_text, model.tables.values(), [])
    if model.rates is not None:
        scored = random_predictions(classes, seed=model.seeds[0])
        write_csv(_rates(scored, Exposure({1: 2.0}, {1: 8.3})), model.rates)
    for card in map(Path, model.cards.values()):
        card.parent.mkdir(parents=True, exist_ok=True)
        card.write_text(f"# {model.model}\n")
    for path in model.diagnoses.values():
        write_json(
            {**DIAGNOSIS, "warnings": diagnoses[0]["warnings"]} if diagnoses else DIAGNOSIS, path
        )
    if model.history is not None:
        epochs = {"epoch": [1, 2], "loss": [0.5, 0.4], "val_loss": [0.6, 0.5]}
        write_csv(pd.DataFrame(epochs), model.history)
    _write_figures(model.figures)
    return report


def _rates(predictions: Predictions, exposure: Exposure) -> pd.DataFrame:
    report = Report(edges=Edges(values=[0, 5, 10]))
    value = np.linspace(0, 10, len(predictions))
    test = replace(predictions, value=value).part("test")
    half = Decision("half", POINTS["half"], (0.5,))
    return rate_table(test, np.array([40, 0]), exposure, report, [half])


def _write_drawn(path: str, classes: Sequence[str]) -> None:
    drawn = {"class": classes, "split": "test", "balance": "weights"}
    drawn |= {"available": 9, "drawn": 4, "weight": 4.0}
    write_csv(pd.DataFrame(drawn), path)


def _write_null_tests(analysis: AnalysisFiles) -> None:
    """Null tests of which every second one fails."""
    for sample in analysis.null_samples:
        _write_drawn(sample.drawn, analysis.classes)
        for model in sample.models:
            _write_model(model, analysis.classes)
    if analysis.null_tests is not None:
        models = [model for sample in analysis.null_samples for model in sample.models]
        scores = [paired_scores.predictions(place % 2, 1) for place, _ in enumerate(models)]
        tests = [
            NullTest(one.sample, one.model, one.seeds[0], scored, {})
            for one, scored in zip(models, scores, strict=True)
        ]
        write_csv(null_test_table(tests), analysis.null_tests)


def _write_cross_tests(analysis: AnalysisFiles) -> None:
    if analysis.cross_tests is not None:
        tests = [
            {"model": one.model, "trained_on": one.sample, "tested_on": "other", "events": 9}
            for one in analysis.models
        ]
        values = {"auc": 0.8, "auc_low": 0.75, "auc_high": 0.85}
        values |= {"accuracy": 0.7, "accuracy_low": 0.6, "accuracy_high": 0.78}
        write_csv(pd.DataFrame(tests).assign(**values), analysis.cross_tests)


def _write_shifts(analysis: AnalysisFiles) -> None:
    if analysis.shifts is not None:
        nominal = random_predictions(analysis.classes, seed=1).part("test")
        shifted = {"gain": random_predictions(analysis.classes, seed=2).part("test")}
        half = Decision("half", POINTS["half"], (0.5,))
        tests = [
            ShiftTest(one.sample, one.model, half, nominal, shifted) for one in analysis.models
        ]
        write_csv(shift_table(tests, {"gain": "gain +10 %"}), analysis.shifts)


def _write_scored(analysis: AnalysisFiles) -> None:
    """Runs of one kind, in which the rate differs and the fraction does not."""
    for files in analysis.scored:
        numbers = [(run, 1, 0, 200 * run, 100 * run, 30 * run) for run in files.friends]
        runs = [ScoredRun(run, "physics", 2.0) for run in files.friends]
        cut, settings = cut_of({analysis.classes[0]: 0.75}), Report(edges=Edges(values=[0, 5]))
        counts = counts_of(numbers, analysis.classes[0])
        efficiency = efficiency_of(1, name=analysis.classes[0])
        write_csv(spectrum_table(counts, cut, efficiency, runs, settings, {}), files.spectrum)
        write_csv(stability_table(counts, cut, runs), files.stability)
        for path in (files.kept, *files.friends.values(), *files.tables.values()):
            write_text("", path)
        _write_figures(files.figures)


def _write_figures(figures: Mapping[str, str]) -> None:
    for path in map(Path, figures.values()):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(SVG)
