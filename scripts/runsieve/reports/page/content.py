"""What the page shows of an analysis, read from its files."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from runsieve.config.ranges import run_ranges
from runsieve.reports.page import seen
from runsieve.reports.page.columns import (
    CROSS_TESTS,
    CUTFLOW,
    NULL_TESTS,
    SHIFTED,
    SHIFTS,
)
from runsieve.reports.page.figures import Figure, Gallery
from runsieve.reports.page.files import AnalysisFiles
from runsieve.reports.page.model_content import read_model
from runsieve.reports.page.reading import ModelResults, Reader
from runsieve.reports.page.remarks import Found, gathered
from runsieve.reports.page.runs import files_of_runs, runs_table
from runsieve.reports.page.sample_content import read_sample
from runsieve.reports.page.sample_results import SampleResults
from runsieve.reports.page.sample_tables import drawn_table
from runsieve.reports.page.scored import read_scored, unstable
from runsieve.reports.page.tables import (
    COUNT,
    QUOTED,
    SIGNIFICANT,
    Column,
    Table,
    first_of_each,
    table,
)
from runsieve.reports.page.transfer import transfer
from runsieve.runs.pictures import left_out
from runsieve.samples.duplicates import duplicates_sentences
from runsieve.selection.absences import left_out_sentence, read_runs_left_out

# Figures of the model to use that say how far it can be trusted.
TRUSTED = ("scores", "reliability", "groups")
ANALYSIS_FIGURES = {
    "statistics": "Selected events",
    "cutflow": "Cut flow",
    "comparison": "AUC of all models, with the seeds of each",
    "cross_tests": "Cross tests: trained on one sample, tested on others",
    "null_tests": "Null tests: what should look the same",
    "shifts": "Shifts of what models see",
}


def read_analysis(analysis: AnalysisFiles, gallery: Gallery) -> dict[str, Any]:
    """Everything that the template shows about one analysis."""
    reader = gallery.reader
    models = [ModelResults(entry, analysis, reader) for entry in analysis.models]
    nulls = [
        ModelResults(entry, analysis, reader)
        for sample in analysis.null_samples
        for entry in sample.models
    ]
    samples = list(_samples(analysis, models, gallery))
    reports = {
        sample["name"]: [
            read_model(one, gallery) for one in models if one.entry.sample == sample["name"]
        ]
        for sample in samples
    }
    for sample in samples:
        _lift(sample, reports[sample["name"]])
    provenance = reader.json(analysis.provenance)
    return {
        "name": analysis.name,
        "title": analysis.title,
        "description": analysis.description,
        "provenance": provenance,
        "runs": list(files_of_runs(provenance["runs"])),
        "configuration": reader.text(analysis.configuration),
        "links": {
            Path(path).name: reader.link(path)
            for path in (analysis.provenance, analysis.configuration, analysis.hosts)
        },
        "comparison_long": reader.link(analysis.comparison_long),
        "oracle": analysis.oracle,
        "baseline": analysis.baseline,
        "remarks": gathered(_found(analysis, reader, models)),
        "samples": samples,
        "models": reports,
        "figures": _figures(analysis, gallery),
        "data": _data_tables(analysis, reader),
        "null_tests": _null_tests(analysis, reader),
        "null_samples": [
            {
                "name": one.name,
                "anchor": f"{analysis.name}-{one.name}",
                "drawn": drawn_table(one, analysis.titles, reader),
                "models": [
                    read_model(model, gallery, compared=False)
                    for model in nulls
                    if model.entry.sample == one.name
                ],
            }
            for one in analysis.null_samples
        ],
        "cross_tests": _cross_tests(analysis, reader),
        "transfer": ""
        if analysis.cross_tests is None
        else transfer(reader.table(analysis.cross_tests), reader.table(analysis.comparison)),
        "shifts": _shifts(analysis, reader),
        "scored": [read_scored(one, analysis, gallery) for one in analysis.scored],
        "resources": _resources(analysis, reader),
    }


def _lift(sample: dict[str, Any], reports: Sequence[dict[str, Any]]) -> None:
    """Move figures of the model to use from its section to where questions are answered."""
    sample["trusted"] = []
    for report in reports:
        if report["model"] == sample["verdict"].model:
            figures = report["figures"]
            sample["trusted"] = [one for one in figures if one.name in TRUSTED]
            report["lifted"] = sample["trusted"]
            report["figures"] = [one for one in figures if one not in report["lifted"]]


def _titled(values: pd.DataFrame, titles: Mapping[str, str]) -> pd.DataFrame:
    return values.assign(**{"class": [titles.get(one, one) for one in values["class"]]})


def _samples(
    analysis: AnalysisFiles, models: Sequence[ModelResults], gallery: Gallery
) -> Iterator[dict[str, Any]]:
    reader = gallery.reader
    comparison = reader.table(analysis.comparison)
    tests = pd.DataFrame() if analysis.null_tests is None else reader.table(analysis.null_tests)
    failed = [] if tests.empty else tests.loc[~tests["passed"].astype(bool), "sample"]
    for files in analysis.samples:
        results = SampleResults(
            files=files,
            reader=reader,
            comparison=analysis.comparison,
            rows=comparison[comparison["sample"] == files.name],
            models=[one for one in models if one.entry.sample == files.name],
            failed=list(dict.fromkeys(failed)),
            null_tests=len(tests),
            noticed=float("nan") if tests.empty else float(tests["auc_noticed"].max()),
        )
        yield read_sample(results, gallery)


def _found(
    analysis: AnalysisFiles, reader: Reader, models: Sequence[ModelResults]
) -> Iterator[Found]:
    """Every sentence of the files on what could be wrong."""
    for one in models:
        for seed, metrics in one.seeds.items():
            of = f"{one.entry.model} on {one.entry.sample}, seed {seed}"
            for text in metrics["warnings"]:
                yield Found(text, of, one.anchor)
    if analysis.null_tests is not None:
        for row in reader.table(analysis.null_tests).to_dict("records"):
            if isinstance(row["warning"], str):
                anchor = f"{analysis.name}-{row['sample']}-{row['model']}"
                yield Found(row["warning"], f"{row['model']} on {row['sample']}", anchor)
    for files in analysis.scored:
        yield from unstable(files, analysis, reader)
    if analysis.not_good:
        yield Found(
            f"Left out, because {analysis.good_runs} does not name them: runs "
            f"{run_ranges(analysis.not_good)}."
        )
    if absent := read_runs_left_out([analysis.cutflow]):
        yield Found(left_out_sentence(absent))
    for run, reason in absent.items():
        yield Found(reason, f"run {run}", f"{analysis.name}-data")
    for run, path in analysis.pictures.items():
        if text := left_out(run, reader.table(path)):
            yield Found(text)
    for sample in analysis.samples:
        for text in duplicates_sentences(sample.name, reader.table(sample.duplicates)):
            yield Found(text, f"sample {sample.name}", f"{analysis.name}-{sample.name}")


def _figures(analysis: AnalysisFiles, gallery: Gallery) -> dict[str, Figure]:
    reader = gallery.reader
    classes = {name: analysis.titles.get(name, name) for name in analysis.classes}
    tables = {
        "statistics": analysis.statistics,
        "cutflow": analysis.pooled,
        "comparison": analysis.comparison,
        "cross_tests": analysis.cross_tests,
        "null_tests": analysis.null_tests,
        "shifts": analysis.shifts,
    }
    said = {
        "statistics": lambda: seen.statistics(
            reader.table(analysis.ratios), classes, analysis.channel_name
        ),
        "cutflow": lambda: seen.cutflow(reader.table(analysis.pooled), classes),
        "comparison": lambda: "; ".join(
            f"{sample}: {seen.areas(part.to_dict('records'))}"
            for sample, part in reader.table(analysis.comparison).groupby("sample", sort=False)
        ),
        "cross_tests": lambda: seen.cross_tests(reader.table(analysis.cross_tests)),
        "null_tests": lambda: seen.null_tests(reader.table(analysis.null_tests)),
        "shifts": lambda: seen.shifts(reader.table(analysis.shifts)),
    }
    return {
        name: gallery.figure(
            name,
            title,
            analysis.figures[name],
            seen=said[name]() if tables[name] is not None else "",
            tables=[] if tables[name] is None else [tables[name]],
        )
        for name, title in ANALYSIS_FIGURES.items()
        if name in analysis.figures
    }


def _data_tables(analysis: AnalysisFiles, reader: Reader) -> dict[str, Table]:
    titles, channel = analysis.titles, analysis.channel_name
    ratios = reader.table(analysis.ratios)
    columns = [Column(channel, "channel")]
    columns += [Column(titles.get(name, name), name, COUNT) for name in analysis.classes]
    columns.append(Column("total", "total", COUNT))
    if len(analysis.classes) == 2:
        share = f"{columns[1].title} / %"
        columns.append(Column(share, "ratio_percent", QUOTED, "ratio_low", "ratio_high"))
    pooled = _titled(reader.table(analysis.pooled), titles)
    statistics = _titled(reader.table(analysis.statistics), titles)
    cuts = table("Cut flow, all runs and channels", reader.link(analysis.pooled), CUTFLOW, pooled)
    first_of_each(cuts.rows, pooled["class"])
    return {
        "ratios": table(
            f"Selected events by {channel}",
            reader.link(analysis.ratios),
            columns,
            ratios,
            style=lambda row: "sum" if row["channel"] == "all" else "",
        ),
        "cutflow": cuts,
        "statistics": runs_table(statistics, reader.link(analysis.statistics), channel),
    }


def _null_tests(analysis: AnalysisFiles, reader: Reader) -> Table | None:
    if analysis.null_tests is None:
        return None
    values = reader.table(analysis.null_tests)
    passed = values["passed"].astype(bool)
    values = values.assign(result=["passed" if one else "failed" for one in passed])
    return table(
        "Null tests: models asked to tell apart what should look the same",
        reader.link(analysis.null_tests),
        NULL_TESTS,
        values,
        style=lambda row: "" if row["passed"] else "fired",
        note="Expected is an AUC of 0.5. p: of scores that differ as much by chance "
        "(Mann\u2013Whitney), corrected for the number of tests (Holm); a test fails below 0.01. "
        "What a test can notice is limited by its events: an AUC from the one listed on makes it "
        "fail nine times in ten, a smaller difference can pass unseen.",
        sortable=True,
    )


def _cross_tests(analysis: AnalysisFiles, reader: Reader) -> Table | None:
    if analysis.cross_tests is None:
        return None
    values = reader.table(analysis.cross_tests)
    link = reader.link(analysis.cross_tests)
    return table("Cross tests, first seed of each model", link, CROSS_TESTS, values, sortable=True)


def _shifts(analysis: AnalysisFiles, reader: Reader) -> Table | None:
    if analysis.shifts is None:
        return None
    values = reader.table(analysis.shifts)
    known = values["efficiency"].notna().any()
    return table(
        "With and without each shift",
        reader.link(analysis.shifts),
        (*SHIFTS, *(SHIFTED if known else ())),
        values,
        note="The cut stays where it was chosen on validation events without a shift. Only models "
        "that see what a shift changes are listed; values are of the first seed.",
        sortable=True,
    )


def _resources(analysis: AnalysisFiles, reader: Reader) -> Table:
    """Time and memory, in the columns that the file has."""
    values = reader.table(analysis.resources)
    columns = [
        Column(
            name.replace("_", " "),
            name,
            COUNT
            if pd.api.types.is_integer_dtype(values[name])
            else SIGNIFICANT
            if pd.api.types.is_numeric_dtype(values[name])
            else "text",
            digits=3,
        )
        for name in values
    ]
    link = reader.link(analysis.resources)
    return table(
        "Time and memory of each rule",
        link,
        columns,
        values,
        note="Processor time and memory are sampled, after 16 s every 30 s: what a job needs at "
        "its end may be missing.",
        sortable=True,
    )
