"""Checks across keys: names that must exist elsewhere in the analysis or in its run sheet."""

import re
from collections.abc import Iterator
from itertools import combinations
from math import prod

from runsieve import layout
from runsieve.config.analysis import Analysis
from runsieve.config.cleaned_checks import check_cleaned
from runsieve.config.columns import ComputedColumn
from runsieve.config.condition_checks import check_conditions
from runsieve.config.explain_checks import check_explain
from runsieve.config.friend_checks import check_friends
from runsieve.config.input_checks import check_inputs
from runsieve.config.messages import hint
from runsieve.config.pictures import check_pictures
from runsieve.config.references import names, problems, unknown
from runsieve.config.run_sheet import Run
from runsieve.config.sample_checks import check_runs_of_sample
from runsieve.config.search_checks import check_searches
from runsieve.config.selection import ALL, LEFT_OUT
from runsieve.expressions import ENTRY

ALWAYS_LISTED = ("run", "entry", "event", "channel")
TAKEN = ("entry", "channel", "class", "label", "split", "fold", "weight", "row", "mislabelled")


def check(analysis: Analysis, runs: list[Run], sheet: str) -> list[str]:
    """All contradictions between keys of an analysis, as sentences that start with the key."""
    return [
        *_check_lists(analysis),
        *_check_masses(analysis),
        *_check_columns(analysis),
        *check_friends(analysis),
        *check_conditions(analysis, runs, sheet),
        *_check_cuts(analysis),
        *_check_classes(analysis, runs, sheet),
        *_check_samples(analysis, runs, sheet),
        *_check_folds(analysis),
        *check_cleaned(analysis),
        *_check_null_tests(analysis),
        *_check_shifts(analysis),
        *check_explain(analysis),
        *check_inputs(analysis, runs, sheet),
        *_check_models(analysis),
        *check_searches(analysis),
        *_check_truth(analysis),
        *_check_report(analysis),
        *_check_simulation(analysis, runs, sheet),
        *check_pictures(analysis, runs, sheet),
    ]


def _check_lists(analysis: Analysis) -> Iterator[str]:
    for key in ("channels", "seeds"):
        values = getattr(analysis, key)
        for value in sorted({value for value in values if values.count(value) > 1}):
            yield f"{key}: {value} is listed twice"


def _check_masses(analysis: Analysis) -> Iterator[str]:
    if analysis.masses:
        for channel in sorted(set(analysis.masses) - set(analysis.channels)):
            yield f"masses.{channel}: channel {channel} is not in channels {analysis.channels}"
        for channel in sorted(set(analysis.channels) - set(analysis.masses)):
            yield f"masses: the mass of channel {channel} is missing; give those of all or of none"


def _check_columns(analysis: Analysis) -> Iterator[str]:
    event = analysis.columns.get("event")
    if event is None:
        yield "columns.event: missing; it gives the event number"
    elif isinstance(event, ComputedColumn):
        yield (
            f"columns.event: must be a branch, an expression or {ENTRY}, not computed, found "
            f"'{event.file}'"
        )
    elif "{channel}" in event:
        yield f"columns.event: must be the same in all channels, found '{event}'"
    elif not any(problems("columns.event", event, analysis)) and not names(event):
        yield f"columns.event: names no branch, found '{event}'"
    for name, text in analysis.columns.items():
        if name in TAKEN:
            yield f"columns.{name}: the name is taken; samples have a column '{name}' of their own"
        elif names(name) != {name}:
            yield f"columns.{name}: the name has a meaning of its own in ROOT expressions"
        if isinstance(text, ComputedColumn):
            for problem in text.problems(name, analysis.inputs):
                yield f"columns.{name}.{problem}"
        else:
            yield from problems(f"columns.{name}", text, analysis)
    for name in analysis.keep:
        yield from unknown("keep", "column", name, analysis.columns)


def _check_cuts(analysis: Analysis) -> Iterator[str]:
    if analysis.selection.hit is not None:
        yield from problems("selection.hit", analysis.selection.hit, analysis, analysis.columns)
    precut = analysis.selection.precut
    groups = {"selection.precut": precut}
    for kind, cuts in analysis.selection.by_kind.items():
        groups[f"selection.by_kind.{kind}"] = cuts
        for step in cuts:
            if step in precut:
                yield f"selection.by_kind.{kind}.{step}: selection.precut has a step of this name"
    for key, cuts in groups.items():
        for step, text in cuts.items():
            if step == ALL:
                yield f"{key}.{ALL}: the name is taken; step '{ALL}' counts every hit"
            if step == LEFT_OUT:
                yield f"{key}.{LEFT_OUT}: the name is taken; it is the step of runs without files"
            if step in analysis.classes and analysis.classes[step].cut is not None:
                yield f"{key}.{step}: the cut of class '{step}' makes a step of this name"
            yield from problems(f"{key}.{step}", text, analysis, analysis.columns)
    for name, event_class in analysis.classes.items():
        if event_class.cut is not None:
            yield from problems(f"classes.{name}.cut", event_class.cut, analysis, analysis.columns)


def _check_classes(analysis: Analysis, runs: list[Run], sheet: str) -> Iterator[str]:
    numbers = {run.run for run in runs}
    kinds = sorted({run.kind for run in runs})
    for kind in analysis.selection.by_kind:
        if kind not in kinds:
            yield f"selection.by_kind.{kind}: {sheet} has no run of this kind{hint(kind, kinds)}"
    for name, event_class in analysis.classes.items():
        key = f"classes.{name}"
        if not event_class.kinds and not event_class.runs:
            yield f"{key}: give kinds or runs that its events are taken from"
        for number in event_class.runs:
            if number not in numbers:
                yield f"{key}.runs: run {number} is missing in {sheet}"
        for kind in event_class.kinds:
            if kind not in kinds:
                yield f"{key}.kinds: {sheet} has no run of kind '{kind}'{hint(kind, kinds)}"
    yield from _check_distinct(analysis, runs)


def _check_distinct(analysis: Analysis, runs: list[Run]) -> Iterator[str]:
    """Classes that take the same events, or that have one title, cannot be told apart."""
    for (one, first), (two, second) in combinations(analysis.classes.items(), 2):
        if (first.title or one) == (second.title or two):
            yield f"classes.{two}.title: '{first.title or one}' is what class '{one}' is called"
        shared = [
            run.run
            for run in runs
            if first.takes(run.run, run.kind) and second.takes(run.run, run.kind)
        ]
        if shared and (first.label, first.cut) == (second.label, second.cut):
            what = f"the pictures of '{first.label}'" if first.label else "the events"
            cut = f" with the cut '{first.cut}'" if first.cut else ""
            yield (
                f"classes.{two}: takes {what} of run {shared[0]}{cut}, which class '{one}' takes, "
                "too; each event would be in both classes"
            )


def _check_samples(analysis: Analysis, runs: list[Run], sheet: str) -> Iterator[str]:
    numbers = {run.run for run in runs}
    for name, sample in analysis.samples.items():
        key = f"samples.{name}"
        for number in sorted({run for named in sample.split.runs.values() for run in named}):
            if number not in numbers:
                yield f"{key}.split.runs: run {number} is missing in {sheet}"
        for channel in sample.channels or []:
            if channel not in analysis.channels:
                yield f"{key}.channels: channel {channel} is not in channels {analysis.channels}"
        for label in sample.classes or []:
            yield from unknown(f"{key}.classes", "class", label, analysis.classes)
        if sample.classes is not None and len(set(sample.classes)) < 2:
            yield f"{key}.classes: at least two different classes are needed"
        if sample.runs_of is not None:
            yield from unknown(f"{key}.runs_of", "class", sample.runs_of, analysis.classes)
        yield from check_runs_of_sample(key, sample, analysis.classes, runs, sheet)
        for model in sample.models or []:
            yield from unknown(f"{key}.models", "model", model, analysis.models)
        for other in sample.cross_test:
            yield from unknown(f"{key}.cross_test", "sample", other, analysis.samples)
            if other in analysis.samples:
                yield from _not_comparable(f"{key}.cross_test", name, other, analysis)
        if sample.split.group is not None:
            group = sample.split.group
            yield from unknown(f"{key}.split.group", "kept column", group, _listed(analysis))
        if sample.match is not None:
            column = sample.match.column
            yield from unknown(f"{key}.match.column", "kept column", column, _listed(analysis))
            if set(sample.modes().values()) == {"none"}:
                yield f"{key}.match: has no effect, because balance is none in every split"


def _check_folds(analysis: Analysis) -> Iterator[str]:
    samples = analysis.samples
    for name, sample in samples.items():
        key = f"samples.{name}"
        for other in sample.cross_test:
            if other in samples and samples[other].folds is not None:
                yield f"{key}.cross_test: '{other}' has folds, so training events would be tested"
        if sample.folds is None:
            continue
        if sample.cross_test:
            yield f"{key}.cross_test: does not go with folds, which make several models of each"
        if sample.split.runs:
            yield f"{key}.split.runs: does not go with folds, in which every event is tested"
        if len(set(sample.modes().values())) > 1:
            yield f"{key}.balance: one mode for all splits is needed with folds"
        if sample.learning_curve:
            yield f"{key}.learning_curve: does not go with folds"
        if sample.mislabel:
            yield f"{key}.mislabel: does not go with folds, in which every event is tested"
        if isinstance(sample.limit, dict):
            yield f"{key}.limit: one number is needed with folds, not one for each split"


def _check_null_tests(analysis: Analysis) -> Iterator[str]:
    samples = analysis.samples
    if all(sample.null_test for sample in samples.values()):
        yield "samples: all are null tests; at least one sample without null_test is needed"
    blind = {name for name, model in analysis.models.items() if analysis.sees_null(model)}
    for name, sample in samples.items():
        if sample.null_test and sample.cross_test:
            yield f"samples.{name}.cross_test: does not go with null_test; a null test has none"
        for other in sample.cross_test:
            if other in samples and samples[other].null_test:
                yield f"samples.{name}.cross_test: '{other}' is a null test"
        for model in sample.models or []:
            if model in blind and not sample.null_test:
                yield (
                    f"samples.{name}.models: '{model}' sees a null input, so it is only for "
                    "samples with null_test: true"
                )


def _check_shifts(analysis: Analysis) -> Iterator[str]:
    for name, shift in analysis.shifts.items():
        key = f"shifts.{name}"
        for one in shift.inputs:
            yield from unknown(f"{key}.inputs", "input", one, analysis.inputs)
        if shift.column is not None:
            yield from unknown(f"{key}.column", "kept column", shift.column, _listed(analysis))
        for sample in shift.samples or []:
            yield from unknown(f"{key}.samples", "sample", sample, analysis.samples)
            if sample in analysis.samples and analysis.samples[sample].null_test:
                yield f"{key}.samples: '{sample}' is a null test"
            if sample in analysis.samples and analysis.samples[sample].folds is not None:
                yield f"{key}.samples: '{sample}' has folds; shifts need one model"


def _not_comparable(key: str, name: str, other: str, analysis: Analysis) -> Iterator[str]:
    """Samples must have the same classes and split, so that no training event is tested."""
    one, two = analysis.samples[name], analysis.samples[other]
    if name == other:
        yield f"{key}: names the sample itself"
    classes = [(one.runs_of, set(one.classes or analysis.classes)) for one in (one, two)]
    if classes[0] != classes[1]:
        yield f"{key}: '{other}' has other classes"
    if (one.split, one.seed) != (two.split, two.seed):
        yield f"{key}: '{other}' has another split or seed, so training events would be tested"


def _check_models(analysis: Analysis) -> Iterator[str]:
    for name, model in analysis.models.items():
        key = f"models.{name}"
        if re.fullmatch(layout.PART, name):
            yield f"{key}: the name is taken; parts of samples have such names"
        for part, columns in model.columns_seen().items():
            for column in columns:
                yield from unknown(f"{key}.{part}", "kept column", column, _listed(analysis))
        for seen in model.inputs_seen():
            yield from unknown(f"{key}.{model.input_key}", "input", seen, analysis.inputs)
        for part, problem in model.problems(analysis.inputs):
            yield f"{key}.{part}: {problem}"
    for key, model in (("baseline", analysis.baseline), ("oracle", analysis.oracle)):
        if model is not None:
            yield from unknown(key, "model", model, analysis.models)


def _check_truth(analysis: Analysis) -> Iterator[str]:
    truth = analysis.truth
    if truth is None:
        return
    yield from unknown("truth.input", "input", truth.input, analysis.inputs)
    if truth.input in analysis.inputs:
        shape = analysis.inputs[truth.input].event_shape()
        if prod(shape) != 1:
            yield f"truth.input: '{truth.input}' has the shape {list(shape)}, expected [1]"
    for name in truth.processes:
        yield from unknown("truth.processes", "class", name, analysis.classes)


def _check_report(analysis: Analysis) -> Iterator[str]:
    report = analysis.report
    if report.contaminated is not None:
        yield from unknown("report.contaminated", "class", report.contaminated, analysis.classes)
        if list(analysis.classes)[1:] != [report.contaminated]:
            yield "report.contaminated: must be the second of two classes"
        if all(sample.folds is not None for sample in analysis.samples.values()):
            yield "report.contaminated: all samples have folds; the estimate needs one without"
    if report.variable is not None:
        yield from unknown("report.variable", "kept column", report.variable, _listed(analysis))
        if report.edges is None:
            yield f"report.edges: missing; they are the bins of '{report.variable}'"


def _check_simulation(analysis: Analysis, runs: list[Run], sheet: str) -> Iterator[str]:
    simulated = [run for run in runs if run.simulated]
    if simulated and analysis.simulate is None:
        number = simulated[0].run
        yield f"simulate: missing, but {sheet} names no file for run {number}"
    for run in simulated:
        if run.events is None:
            yield f"simulate: {sheet} gives neither files nor events for run {run.run}"
    if analysis.simulate is not None:
        kinds = {run.kind for run in runs}
        for kind in analysis.simulate.scale:
            yield from unknown("simulate.scale", "kind of run", kind, kinds)


def _listed(analysis: Analysis) -> tuple[str, ...]:
    return (*ALWAYS_LISTED, *analysis.keep)
