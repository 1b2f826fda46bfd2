"""What the page shows of a sample: the verdict, its state, and the comparison of its models."""

from typing import Any

from runsieve.reports.page import seen
from runsieve.reports.page.cleaning import read_cleaning
from runsieve.reports.page.displays import displays_of
from runsieve.reports.page.figures import Figure, Gallery
from runsieve.reports.page.flat_bins import flat_bins
from runsieve.reports.page.sample_results import SampleResults
from runsieve.reports.page.sample_tables import (
    comparison_table,
    drawn_table,
    pairs_table,
    purity_table,
    trust_table,
)
from runsieve.reports.page.states import states_of
from runsieve.reports.page.verdict import judge_sample


def read_sample(results: SampleResults, gallery: Gallery) -> dict[str, Any]:
    """The section of a sample, without its models."""
    evidence = results.evidence()
    verdict = judge_sample(evidence)
    reader, analysis, name = results.reader, results.analysis, results.files.name
    return {
        "name": name,
        "anchor": f"{analysis.name}-{name}",
        "verdict": verdict,
        "link": None if verdict.model is None else f"{analysis.name}-{name}-{verdict.model}",
        "states": states_of(results, evidence, verdict),
        "table": comparison_table(results, evidence, verdict),
        "trust": trust_table(results),
        "models_count": len(results.models),
        "folds": max(one.entry.folds for one in results.models),
        "figures": _figures(results, gallery),
        "cleaning": read_cleaning(results, gallery),
        "events": _events(results, gallery),
        "pairs": pairs_table(results),
        "purity": purity_table(results),
        "drawn": drawn_table(results.files, analysis.titles, reader),
    }


def _figures(results: SampleResults, gallery: Gallery) -> dict[str, Figure]:
    files, name = results.files.figures, results.files.name
    made = {}
    if "decision" in files:
        made["decision"] = gallery.figure(
            "decision",
            f"What is kept and what is left on {name}",
            files["decision"],
            seen=seen.decision(
                results.reader.table(results.files.decision), results.analysis.titles
            ),
            tables=[results.files.decision],
            note=_flat_bins(results),
            wide=True,
            sample=name,
        )
    if "roc" in files:
        made["roc"] = gallery.figure(
            "roc",
            f"ROC curves of all models on {name}",
            files["roc"],
            seen=seen.areas(results.records, "auc"),
            caption="comparison_roc",
            wide=True,
            sample=name,
        )
    if "contamination" in files:
        made["contamination"] = gallery.figure(
            "contamination",
            f"Estimated contamination of the background class of {name}",
            files["contamination"],
            seen=seen.contamination(results.reader.table(results.files.contamination)),
            tables=[results.files.contamination],
            wide=True,
            sample=name,
        )
    if "learning_curve" in files:
        made["learning_curve"] = gallery.figure(
            "learning_curve",
            f"Learning curve of {name}",
            files["learning_curve"],
            seen=seen.learning_curve(results.reader.table(results.files.learning_curve)),
            tables=[results.files.learning_curve],
            wide=True,
            sample=name,
        )
    return made


def _events(results: SampleResults, gallery: Gallery) -> dict[str, Any]:
    """Examples of events: the figure, and displays of the whole events; empty without."""
    files, name = results.files, results.files.name
    if files.gallery is None:
        return {}
    table = results.reader.table(files.gallery)
    figure = gallery.figure(
        "gallery",
        f"Worst, undecided and typical events of {table['model'].iloc[0]} on {name}",
        files.figures["gallery"],
        seen=seen.gallery(table, results.analysis.titles),
        tables=[files.gallery],
        wide=True,
        sample=name,
    )
    figures = [figure]
    if files.mistaken is not None:
        figures.append(_mistaken(results, gallery))
    displays = displays_of(table, results.analysis.display, results.reader)
    return {"figures": figures, "displays": displays}


def _mistaken(results: SampleResults, gallery: Gallery) -> Figure:
    files, name = results.files, results.files.name
    return gallery.figure(
        "mistaken",
        f"Classes of {name} that are mistaken most often",
        files.figures["mistaken"],
        seen=seen.mistaken(results.reader.table(files.mistaken), results.analysis.titles),
        tables=[files.mistaken],
        wide=True,
        sample=name,
    )


def _flat_bins(results: SampleResults) -> str:
    oracle = results.analysis.oracle
    if oracle is None or oracle not in [one.entry.model for one in results.models]:
        return ""
    decision = results.reader.table(results.files.decision)
    histogram = results.model(oracle).rows("histogram")
    return flat_bins(decision, histogram, oracle, results.analysis.unit)
