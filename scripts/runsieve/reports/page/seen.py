"""What figures show in words, from their tables, for those who do not see them."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from runsieve.reports.page.numbers import count, missing, number, quoted, significant


def bins_of(table: pd.DataFrame) -> str:
    """The variable and its range."""
    binned = table.dropna(subset=["low", "high"])
    if binned.empty:
        return "all events"
    name = binned["variable"].iloc[0]
    return f"{name} {binned['low'].min():g} to {binned['high'].max():g}"


def efficiency(table: pd.DataFrame, titles: Mapping[str, str]) -> str:
    """Efficiency of each class over the bins, at the first working point."""
    table = table[table["working_point"] == table["working_point"].iloc[0]]
    parts = []
    for name, part in table.groupby("class", sort=False):
        part = part.dropna(subset=["efficiency"])
        if len(part):
            low, high = part["efficiency"].min(), part["efficiency"].max()
            parts.append(f"{titles.get(name, name)} from {number(low, 2)} to {number(high, 2)}")
    return f"Efficiency against {bins_of(table)}: {', '.join(parts)}."


def decision(table: pd.DataFrame, titles: Mapping[str, str]) -> str:
    """Efficiency of the signal: its range for each model, and which is highest most often."""
    name = table["class"].iloc[0]
    signal = table[table["class"] == name].dropna(subset=["efficiency"])
    if signal.empty:
        return ""
    ranges = [
        f"{model} {number(part['efficiency'].min(), 2)} to {number(part['efficiency'].max(), 2)}"
        for model, part in signal.groupby("model", sort=False)
    ]
    bins = signal.groupby("low", dropna=False)["efficiency"]
    best = signal.loc[bins.idxmax(), "model"].value_counts()
    return (
        f"Efficiency of {titles.get(name, name)} of {len(ranges)} models against "
        f"{bins_of(signal)}: {', '.join(ranges)}; {best.index[0]} is highest in {best.iloc[0]} of "
        f"{best.sum()} bins."
    )


def areas(rows: Sequence[Mapping[str, Any]], name: str = "auc_mean") -> str:
    """Models by their AUC, best first."""
    known = [row for row in rows if not missing(row[name])]
    ordered = sorted(known, key=lambda row: -row[name])
    return "AUC: " + ", ".join(f"{row['model']} {number(row[name], 3)}" for row in ordered) + "."


def roc(area: float | None, point: Mapping[str, Any] | None) -> str:
    """Area and working point of one model."""
    said = f"AUC {number(area, 3)}"
    if point is not None and not missing(point["rejection"]):
        said += (
            f"; at {point['working_point']} efficiency {number(point['efficiency'], 3)} "
            f"and background rejection {number(point['rejection'], 3)}"
        )
    return f"{said}."


def reliability(table: pd.DataFrame) -> str:
    """The largest distance between predicted and observed."""
    distance = (table["observed"] - table["predicted"]).abs()
    if distance.dropna().empty:
        return ""
    worst = table.loc[distance.idxmax()]
    return (
        f"The largest distance is at a predicted probability of {number(worst['predicted'], 2)}, "
        f"where {number(worst['observed'], 2)} is observed."
    )


def scores(histogram: pd.DataFrame, titles: Mapping[str, str]) -> str:
    """Mean score of each class of the test events."""
    columns = [name for name in histogram if name.startswith("score_")]
    middle = pd.Series({n: float(n.removeprefix("score_")) for n in columns}) + 0.5 / len(columns)
    parts = []
    for name, part in histogram.groupby("class", sort=False):
        counts = part[columns].sum()
        if counts.sum():
            mean = (counts * middle).sum() / counts.sum()
            parts.append(f"{titles.get(name, name)} {number(mean, 2)}")
    return f"Mean score of the test events: {', '.join(parts)}."


def groups(table: pd.DataFrame) -> str:
    """Range of the efficiency over the runs and channels of each class."""
    table = table[table["working_point"] == table["working_point"].iloc[0]]
    parts = [
        f"{by} of {name}: {number(part['efficiency'].min(), 3)} to "
        f"{number(part['efficiency'].max(), 3)}"
        for (by, name), part in table.groupby(["by", "class"], sort=False)
        if part["group"].nunique() > 1
    ]
    return f"Efficiency by {'; by '.join(parts)}." if parts else ""


def confusion(table: pd.DataFrame, titles: Mapping[str, str]) -> str:
    """The most frequent mistake."""
    table = table[table["working_point"] == table["working_point"].iloc[0]]
    names = [name for name in table["true_class"] if name in table]
    wrong = [
        (row[name], row["true_class"], name)
        for _, row in table.iterrows()
        for name in names
        if name != row["true_class"]
    ]
    if not wrong:
        return ""
    most, true, other = max(wrong)
    return (
        f"The most frequent mistake: {count(most)} events with the label {titles.get(true, true)} "
        f"are taken for {titles.get(other, other)}."
    )


def mistaken(table: pd.DataFrame, titles: Mapping[str, str]) -> str:
    """The pairs of classes that are mistaken, and how often."""
    if table.empty:
        return "No test event is mistaken."
    pairs = table.drop_duplicates(["class", "assigned"])
    parts = [
        f"{titles.get(row.true, row.true)} as {titles.get(row.assigned, row.assigned)}, "
        f"{row.mistaken} of {row.of}"
        for row in pairs.rename(columns={"class": "true"}).itertuples()
    ]
    return "; ".join(parts) + "."


def learning_curve(table: pd.DataFrame) -> str:
    """The AUC of each model with the fewest and the most training events."""
    parts = []
    for model, rows in table.groupby("model", sort=False):
        first, last = rows.iloc[0], rows.iloc[-1]
        parts.append(
            f"{model}: AUC {number(first['auc'])} with {first['train']} training events, "
            f"{number(last['auc'])} with {last['train']}"
        )
    return "; ".join(parts) + "."


def gallery(table: pd.DataFrame, titles: Mapping[str, str]) -> str:
    """How many events of each kind and class, and their scores."""
    parts = [
        f"{len(part)} {kind} of {titles.get(name, name)} with scores from "
        f"{number(part['score'].min(), 2)} to {number(part['score'].max(), 2)}"
        for (name, kind), part in table.groupby(["class", "kind"], sort=False)
    ]
    return f"{'; '.join(parts)}."


def contamination(table: pd.DataFrame) -> str:
    """The value for all bins according to each model, and in truth where that is known."""
    whole = table.groupby("model", sort=False).tail(1).set_index("model")
    parts = [
        f"{number(value, 3)} by {model}"
        for model, value in whole["contamination_estimated"].items()
        if not missing(value)
    ]
    said = f"In all, {', '.join(parts)}" if parts else "No estimate"
    if "contamination_true" in whole:
        said += f"; {number(whole['contamination_true'].iloc[0], 3)} in truth"
    return f"{said}."


def training(history: pd.DataFrame, kept: int | None) -> str:
    """Loss at the beginning and at the end, and the epoch that was kept."""
    ends = [
        f"{number(history[name].iloc[at], 3)}" for name in ("loss", "val_loss") for at in (0, -1)
    ]
    said = (
        f"{len(history)} epochs: training loss from {ends[0]} to {ends[1]}, validation loss from "
        f"{ends[2]} to {ends[3]}"
    )
    return f"{said}; kept: epoch {kept}." if kept else f"{said}."


def cross_tests(table: pd.DataFrame) -> str:
    """Lowest AUC of each model on another sample."""
    other = table[table["trained_on"] != table["tested_on"]]
    parts = [
        f"{row['model']} {number(row['auc'], 3)} on {row['tested_on']}"
        for _, part in other.groupby("model", sort=False)
        for _, row in part.nsmallest(1, "auc").iterrows()
    ]
    return f"Lowest AUC on a sample that was not trained on: {', '.join(parts)}." if parts else ""


def null_tests(table: pd.DataFrame) -> str:
    """AUC and p-value of each test."""
    return "; ".join(
        f"{row['sample']}, {row['model']}: AUC {number(row['auc'], 3)}, "
        f"p {significant(row['p_holm'])}"
        for _, row in table.iterrows()
    )


def shifts(table: pd.DataFrame) -> str:
    """The largest changes of the AUC and, of two classes, of what a fixed cut keeps and rejects."""
    said = []
    for name, title in (
        ("auc", "the AUC"),
        ("efficiency", "the signal efficiency at the cut"),
        ("rejection", "the background rejection at the cut"),
    ):
        change = table[f"{name}_difference"].abs()
        if change.dropna().empty:
            continue
        worst = table.loc[change.idxmax()]
        value = quoted(*(worst[f"{name}_difference{end}"] for end in ("", "_low", "_high")))
        said.append(
            f"The largest change of {title} is {value}, of {worst['model']} on {worst['sample']} "
            f"with {worst['change']}."
        )
    return " ".join(said)


def statistics(ratios: pd.DataFrame, classes: Mapping[str, str], channel: str) -> str:
    """Number of events of each class, and the range over the channels."""
    single = ratios[ratios["channel"] != "all"]
    parts = [
        f"{title} {count(single[name].min())} to {count(single[name].max())}"
        for name, title in classes.items()
    ]
    return f"Events per {channel}, {len(single)} in all: {', '.join(parts)}."


def cutflow(pooled: pd.DataFrame, classes: Mapping[str, str]) -> str:
    """The hardest cut of each class."""
    parts = []
    for name, part in pooled.groupby("class", sort=False):
        left, cuts = part["passed"].iloc[-1], part.iloc[1:].dropna(subset=["efficiency"])
        said = (
            f"{classes.get(name, name)}: {count(left)} of {count(part['passed'].iloc[0])} are left"
        )
        if len(cuts):
            hardest = cuts.loc[cuts["efficiency"].idxmin()]
            said += f", {hardest['step']} keeps least ({number(hardest['efficiency'], 1)} %)"
        parts.append(said)
    return "; ".join(parts) + "."


def kept(table: pd.DataFrame) -> str:
    """What is kept of the runs of each kind: fraction, or rate where the live time is known.

    table: rows of all channels, in which the run `all` has all runs of a kind.
    """
    parts = []
    for (kind, name), part in table.groupby(["kind", "class"], sort=False):
        whole, single = part[part["run"] == "all"].iloc[0], part[part["run"] != "all"]
        timed = not missing(whole["rate"])
        value = "rate" if timed else "fraction"
        ends = (whole[f"{value}{end}"] for end in ("", "_low", "_high"))
        said = f"{kind}, kept as {name}: {quoted(*ends)}{' per day' if timed else ''}"
        if single[value].nunique() > 1:
            low, high = single[value].min(), single[value].max()
            said += f", by run {significant(low, 3)} to {significant(high, 3)}"
        parts.append(said)
    return "; ".join(parts) + "."
