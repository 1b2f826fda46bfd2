"""What the page shows of a sample: the verdict, its state, and the comparison of its models."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from runsieve.reports.page import seen
from runsieve.reports.page.figures import Figure, Gallery
from runsieve.reports.page.files import AnalysisFiles, NullSampleFiles, SampleFiles
from runsieve.reports.page.model_content import calibration
from runsieve.reports.page.numbers import count, missing, number, quoted, significant
from runsieve.reports.page.reading import ModelResults, Reader
from runsieve.reports.page.tables import (
    COUNT,
    NUMBER,
    QUOTED,
    SIGNIFICANT,
    Cell,
    Column,
    Row,
    Table,
    cell,
    table,
)
from runsieve.reports.page.verdict import Evidence, Verdict, headline, judge_sample

THRESHOLD = Column("cut at score", "threshold", NUMBER, digits=3, note="threshold of the first seed")
REALISED = (
    Column("signal kept", "efficiency", QUOTED, note="realised on test events, first seed"),
    Column("background rejected", "rejection", QUOTED, note="realised on test events, first seed"),
)
AUC = Column("AUC", "auc_mean", QUOTED, "auc_total_low", "auc_total_high", note="mean of the seeds")
REJECTION = Column("rejection at target", "rejection_mean", QUOTED, "rejection_total_low", "rejection_total_high", note="at exactly the signal efficiency of the working point, mean of the seeds")  # fmt: skip
ACCURACY = Column("accuracy", "accuracy_mean", QUOTED, "accuracy_total_low", "accuracy_total_high", note="mean of the seeds")  # fmt: skip
LOSS = Column("log loss", "log_loss_mean", QUOTED, "log_loss_total_low", "log_loss_total_high", note="mean of the seeds")  # fmt: skip
TRUTH = (
    Column("AUC, truth", "auc_truth_mean", QUOTED, "auc_truth_total_low", "auc_truth_total_high", note="judged by the simulated process"),
    Column("rejection, truth", "rejection_truth_mean", QUOTED, "rejection_truth_total_low", "rejection_truth_total_high", note="judged by the simulated process"),
)  # fmt: skip
MACRO_F1 = Column("macro F1", "macro_f1_mean", QUOTED, "macro_f1_total_low", "macro_f1_total_high", note="mean of the seeds")  # fmt: skip
PARAMETERS = Column("parameters", "parameters", COUNT)
PAIRS = (
    Column("better by AUC", "model"),
    Column("other", "other"),
    Column("difference of AUC", "auc_difference", QUOTED),
    Column("p (DeLong)", "p_auc", SIGNIFICANT, digits=2),
    Column("p, corrected", "p_auc_holm", SIGNIFICANT, digits=2),
    Column("only first right", "only_model_right", COUNT),
    Column("only other right", "only_other_right", COUNT),
    Column("p (McNemar)", "p_accuracy", SIGNIFICANT, digits=2),
    Column("p, corrected", "p_accuracy_holm", SIGNIFICANT, digits=2),
)
DRAWN = (
    Column("class", "class"),
    Column("split", "split"),
    Column("balance", "balance"),
    Column("available", "available", COUNT),
    Column("drawn", "drawn", COUNT),
    Column("sum of weights", "weight", COUNT),
)


@dataclass(frozen=True)
class State:
    """An entry of the status strip; level: ok, warn or none (not known)."""

    label: str
    value: str
    level: str
    note: str = ""


@dataclass(frozen=True)
class SampleResults:
    """What the files say of a sample; rows: of the comparison that are of it."""

    files: SampleFiles
    reader: Reader
    comparison: str
    rows: pd.DataFrame
    models: Sequence[ModelResults]
    failed: Sequence[str]
    null_tests: int

    @property
    def analysis(self) -> AnalysisFiles:
        """The analysis that the sample is of."""
        return self.models[0].analysis

    @property
    def records(self) -> list[dict[str, Any]]:
        """Rows of the comparison as mappings, best first; `number` is that of the row."""
        rows = self.rows.assign(number=self.rows.index)
        rows = rows.astype(object).where(rows.notna(), None).to_dict("records")
        return sorted(rows, key=lambda row: -(row["auc_mean"] or 0))

    def evidence(self) -> Evidence:
        """What the verdict follows from."""
        return Evidence(
            rows=self.records,
            points={one.entry.model: one.points for one in self.models},
            events=self.models[0].first["events"],
            fired={
                one.entry.model: {
                    int(seed): metrics["warnings"] for seed, metrics in one.seeds.items()
                }
                for one in self.models
            },
            contamination={
                one.entry.model: _contamination(one)
                for one in self.models
                if "contamination" in one.entry.tables
            },
            failed=self.failed,
            oracle=self.analysis.oracle,
            baseline=self.analysis.baseline,
            titles=self.analysis.titles,
        )


def read_sample(results: SampleResults, gallery: Gallery) -> dict[str, Any]:
    """The section of a sample, without its models."""
    evidence = results.evidence()
    verdict = judge_sample(evidence)
    reader, analysis, name = results.reader, results.analysis, results.files.name
    pairs = reader.table(results.files.pairs)
    return {
        "name": name,
        "anchor": f"{analysis.name}-{name}",
        "verdict": verdict,
        "link": None if verdict.model is None else f"{analysis.name}-{name}-{verdict.model}",
        "states": _states(results, evidence, verdict),
        "table": _comparison(results, evidence, verdict),
        "trust": _trust(results),
        "events": evidence.events,
        "models_count": len(results.models),
        "folds": max(one.entry.folds for one in results.models),
        "figures": _figures(results, gallery),
        "pairs": table(
            f"Models of {name} two by two, on the same test events",
            reader.link(results.files.pairs),
            PAIRS,
            pairs,
            note="Single trainings are compared, those with the first seed. Corrected: by Holm's "
            "method, for the number of pairs.",
            sortable=True,
        )
        if len(pairs)
        else None,
        "drawn": drawn_table(results.files, analysis.titles, reader),
    }


def drawn_table(
    files: SampleFiles | NullSampleFiles, titles: Mapping[str, str], reader: Reader
) -> Table:
    """How many events of each class and split a sample has, and of how many they were drawn."""
    drawn = reader.table(files.drawn)
    drawn = drawn.assign(**{"class": [titles.get(one, one) for one in drawn["class"]]})
    folds = [Column("fold", "fold", COUNT)] if "fold" in drawn else []
    runs = ", ".join(map(str, files.named_runs))
    return table(
        f"Events drawn for {files.name}",
        reader.link(files.drawn),
        (DRAWN[0], *folds, *DRAWN[1:]),
        drawn,
        note=f"Drawn from the runs {runs} alone." if runs else "",
    )


def _contamination(model: ModelResults) -> tuple[float, float, float]:
    whole = model.rows("contamination").iloc[-1]
    value, low, high = (
        float(whole[f"contamination_estimated{end}"]) for end in ("", "_low", "_high")
    )
    return value, low, high


def _comparison(results: SampleResults, evidence: Evidence, verdict: Verdict) -> Table:
    points = {name: headline(rows) for name, rows in evidence.points.items()}
    two = all(point is not None for point in points.values())
    records = results.records
    truth = any(row["auc_truth_mean"] is not None for row in records)
    known = any(row["rejection_mean"] is not None for row in records)
    of_points = [THRESHOLD, *REALISED] if two else []
    of_rows = [*([REJECTION] if known else []), AUC, *([] if two else [ACCURACY, MACRO_F1, LOSS])]
    of_rows += [one for one in TRUTH if truth and (known or one.name.startswith("auc"))]
    rows = []
    for row in records:
        model = next(one for one in results.models if one.entry.model == row["model"])
        cells = [Cell(row["model"], link=f"#{model.anchor}", tags=_tags(results, row, evidence))]
        if two:
            place = f"{results.reader.link(model.entry.tables['working_points'])}"
            point = points[row["model"]]
            cells += [cell(one, point, f"{place}#{point['row']}") for one in of_points]
        cells += [cell(one, row) for one in of_rows]
        style = "best" if row["model"] == verdict.model else ""
        if row["model"] in (results.analysis.oracle, results.analysis.baseline):
            style = f"{style} reference".strip()
        rows.append(Row(row["number"], cells, row["model"], row["sample"], style))
    point = next(iter(points.values())) if two else None
    at = "" if point is None else f", cut at {point['working_point']}"
    size = count(sum(evidence.events.values()))
    return Table(
        f"Models on {results.files.name}{at}, {size} test events",
        results.reader.link(results.comparison),
        [Column("model", "model"), *of_points, *of_rows],
        rows,
        sortable=True,
        style="comparison",
    )


def _tags(
    results: SampleResults, row: Mapping[str, Any], evidence: Evidence
) -> list[tuple[str, str]]:
    tags = []
    if row["chosen"]:
        tags.append(("best", "chosen"))
    elif row["compatible"] and row["model"] != results.analysis.oracle:
        tags.append(("", "compatible"))
    if row["model"] == results.analysis.oracle:
        tags.append(("", "oracle"))
    if row["model"] == results.analysis.baseline:
        tags.append(("", "baseline"))
    fired = sum(map(len, evidence.fired.get(row["model"], {}).values()))
    if fired:
        tags.append(("warn", f"{fired} diagnos{'is' if fired == 1 else 'es'}"))
    return tags


def _trust(results: SampleResults) -> Table:
    """How far each model can be trusted: calibration, closure, seeds, runs."""
    columns = [
        Column("model", "model"),
        Column("calibration error", "calibration_error", QUOTED, note="root mean square distance of predicted and observed probability"),
        Column("closure", "closure", QUOTED, note="efficiency on test events minus the target"),
        Column("seeds", "count", COUNT),
        Column("spread of AUC", "auc_spread", SIGNIFICANT, digits=2, note="standard deviation over the seeds"),
        Column("p of runs", "p_homogeneity", SIGNIFICANT, digits=2, note="of efficiencies that differ as much between the runs of a class by chance; the smallest of all classes"),
        Column("log loss", "log_loss_mean", QUOTED, "log_loss_total_low", "log_loss_total_high"),
        PARAMETERS,
    ]  # fmt: skip
    rows = []
    for row in results.records:
        model = next(one for one in results.models if one.entry.model == row["model"])
        point, groups = headline(model.points), model.rows("groups")
        by_run = groups[(groups["by"] == "run") & groups["p_homogeneity"].notna()]
        by_run = by_run[by_run["working_point"] == groups["working_point"].iloc[0]] if len(groups) else by_run
        seeds = Cell(str(len(row["seeds"].split())), place="none")
        calibrated = calibration(model)
        cells = [
            Cell(row["model"], link=f"#{model.anchor}"),
            Cell(quoted=calibrated.quoted, place=f"{results.reader.link(model.entry.metrics)}#calibration_error"),
            Cell() if point is None else cell(columns[2], point, f"{results.reader.link(model.entry.tables['working_points'])}#{point['row']}"),
            seeds,
            cell(columns[4], row),
        ]  # fmt: skip
        if len(by_run):
            place = by_run["p_homogeneity"].idxmin()
            link = f"{results.reader.link(model.entry.tables['groups'])}#{place}"
            cells.append(Cell(significant(by_run.loc[place, "p_homogeneity"]), place=link))
        else:
            cells.append(Cell())
        cells += [cell(one, row) for one in columns[6:]]
        rows.append(Row(row["number"], cells, row["model"], row["sample"]))
    link = results.reader.link(results.comparison)
    return Table(
        f"How far models on {results.files.name} can be trusted", link, columns, rows, sortable=True
    )


def _states(results: SampleResults, evidence: Evidence, verdict: Verdict) -> list[State]:
    """Diagnoses, seeds, closure, contamination and null tests of the model to use, at a glance."""
    name = verdict.model or next((row["model"] for row in evidence.rows if row["chosen"]), None)
    states = [_of_diagnoses(results, evidence)]
    if name is None:
        return states
    kinds = {limit.kind for limit in verdict.limits}
    row = next(one for one in evidence.rows if one["model"] == name)
    point = headline(evidence.points[name])
    spread = row["auc_spread"]
    seeds = len(row["seeds"].split())
    said = f"{seeds} seeds" if seeds > 1 else "1 seed"
    note = "spread not known" if missing(spread) else f"AUC ± {significant(spread)}"
    level = "warn" if "seeds" in kinds else ("none" if missing(spread) else "ok")
    states.append(State("Seeds", said, level, note))
    if point is not None and not missing(point["closure"]):
        ends = (100 * point[f"closure{end}"] for end in ("", "_low", "_high"))
        value = quoted(*ends)
        level = "warn" if "closure" in kinds else "ok"
        target = number(100 * point["target"], 0)
        states.append(State("Closure", f"{value} %", level, f"off the target of {target} %"))
    if name in evidence.contamination:
        value = quoted(*(None if missing(one) else 100 * one for one in evidence.contamination[name]))
        level = "warn" if "contamination" in kinds else "ok"
        background = evidence.of_class(list(evidence.events)[1])
        states.append(State("Contamination", f"{value} %", level, f"of {background}, estimated"))
    if results.null_tests:
        failed = len(results.failed)
        said = f"{failed} of {results.null_tests} failed" if failed else f"{results.null_tests} passed"
        states.append(State("Null tests", said, "warn" if failed else "ok", "what should look the same"))
    fewest = min(evidence.events, key=evidence.events.get)
    level = "warn" if "events" in kinds else "ok"
    note = f"of {evidence.of_class(fewest)}, the rarest class"
    states.append(State("Test events", count(evidence.events[fewest]), level, note))
    return states


def _of_diagnoses(results: SampleResults, evidence: Evidence) -> State:
    fired = {
        name: number for name, seeds in evidence.fired.items() if (number := sum(map(len, seeds.values())))
    }
    trainings = sum(len(one.diagnoses) for one in results.models)
    if not trainings and not fired:
        return State("Diagnoses", "none made", "none", "no network")
    if not fired:
        return State("Diagnoses", "none fired", "ok", f"{trainings} trainings")
    names = ", ".join(fired)
    return State("Diagnoses", f"{sum(fired.values())} fired", "warn", f"of {names}")


def _figures(results: SampleResults, gallery: Gallery) -> dict[str, Figure]:
    files, name = results.files.figures, results.files.name
    made = {}
    if "decision" in files:
        made["decision"] = gallery.figure(
            "decision",
            f"What is kept and what is left on {name}",
            files["decision"],
            seen=seen.decision(results.reader.table(results.files.decision), results.analysis.titles),
            tables=[results.files.decision],
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
    return made
