"""The card of a trained network: what it is, how it was trained, and what it can be used for."""

import hashlib
import re
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import yaml

from runsieve.config.base import SPLITS
from runsieve.config.ranges import run_ranges
from runsieve.evaluation.glossary import METRICS
from runsieve.reports.about import About
from runsieve.reports.templates import environment

RESULTS = (
    "auc",
    "accuracy",
    "balanced_accuracy",
    "macro_f1",
    "rejection",
    "log_loss",
    "calibration_error",
)
MANY_RUNS = 50  # from which on the checksums of their files are left to another file
# Columns of the table of working points.
REALISED = ("efficiency", "rejection")


def write_card(
    about: About,
    events: pd.DataFrame,
    left_out: Mapping[int, str],
    diagnosis: Mapping[str, Any],
    metrics: Mapping[str, Any],
    points: pd.DataFrame,
    signature: Mapping[str, Any],
    made: Mapping[str, Any],
) -> str:
    """The card as Markdown.

    events: the sample; left_out: runs of the analysis that are left out, and why; diagnosis,
        metrics, points: contents of the files of the training, the last as `working_point_table`,
        judged by the labels; signature: what the network takes and returns, see `signature` in
        `networks/metadata`; made: date, commit, modified, versions
    """
    templates = environment(html=False)
    templates.filters |= {
        "plain": _plain,
        "code": _code,
        "titled": lambda name: _titled(name, about.titles),
        "ranges": run_ranges,
    }
    equal = np.isclose(metrics["majority"], 1 / len(metrics["classes"]))
    counts = events.groupby(["class", "split"], sort=False).size().unstack(fill_value=0)
    splits = [name for name in SPLITS if name in counts]
    return templates.get_template("card.md.j2").render(
        **about.model_dump(),
        settings_text=yaml.safe_dump(about.settings, sort_keys=False).rstrip(),
        inputs_text=yaml.safe_dump(about.inputs, sort_keys=False).rstrip(),
        runs=run_ranges(events["run"].unique().tolist()),
        channels=run_ranges(events["channel"].unique().tolist()),
        steps=_by_cuts({run: one for run, one in about.cuts.items() if run not in left_out}),
        left_out={run: reason for run, reason in left_out.items() if run in about.cuts},
        splits=splits,
        counts={name: [int(row[split]) for split in splits] for name, row in counts.iterrows()},
        fingerprint=fingerprint(events),
        facts=diagnosis,
        results=[
            (METRICS[name].title, metrics["metrics"][name])
            for name in RESULTS
            if not (equal and name == "balanced_accuracy")
            and metrics["metrics"].get(name, {}).get("value") is not None
        ],
        majority=None if equal else metrics["majority"],
        points=points.astype(object).where(points.notna(), None).to_dict("records"),
        realised=REALISED,
        takes=signature["inputs"],
        returns=metrics["classes"],
        made=made,
        many_runs=MANY_RUNS,
    )


def _titled(name: str, titles: Mapping[str, str]) -> str:
    """Title of a class, followed by its name in the tables if that differs."""
    title = titles.get(name, name)
    return title if title == name else f"{_plain(title)} ({_code(name)})"


def _by_cuts(
    cuts: Mapping[int, Mapping[str, Mapping[str, str]]],
) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """Runs, class and cuts, with all runs together that have the same cuts for a class."""
    runs: dict[tuple[str, tuple[tuple[str, str], ...]], list[int]] = {}
    for run, classes in cuts.items():
        for name, steps in classes.items():
            runs.setdefault((name, tuple(steps.items())), []).append(run)
    return [
        (f"{'runs' if len(some) > 1 else 'run'} {run_ranges(some)}", name, list(steps))
        for (name, steps), some in runs.items()
    ]


def _plain(text: str) -> str:
    """A text on one line in which nothing is Markdown or HTML."""
    return re.sub(r"([\\`*_\[\]<>&|#$~])", r"\\\1", " ".join(text.split()))


def _code(text: str) -> str:
    """A text on one line as code, between more backticks than it has in a row."""
    text = " ".join(text.split())
    fence = "`" * (1 + max(map(len, re.findall("`+", text)), default=0))
    space = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{space}{text}{space}{fence}"


def fingerprint(events: pd.DataFrame) -> str:
    """SHA-256 of the events of a sample and their splits, independent of their order."""
    columns = ["run", "event", "channel", "class", "split"]
    rows = zip(*(events[name].astype(str) for name in columns), strict=True)
    return hashlib.sha256("\n".join(sorted(map(" ".join, rows))).encode()).hexdigest()
