"""The card of a trained network: what it is, how it was trained, and what it can be used for."""

import hashlib
import re
from collections.abc import Mapping
from typing import Any

import pandas as pd
import yaml

from runsieve.config.base import SPLITS
from runsieve.reports.about import About
from runsieve.reports.templates import environment

NAMES = {
    "auc": "area under the ROC curve",
    "accuracy": "accuracy",
    "balanced_accuracy": "balanced accuracy",
    "macro_f1": "macro F1",
    "rejection": "rejection at the working point",
    "log_loss": "log loss",
    "calibration_error": "calibration error",
}


def write_card(
    about: About,
    events: pd.DataFrame,
    diagnosis: Mapping[str, Any],
    metrics: Mapping[str, Any],
) -> str:
    """The card as Markdown. events: the sample; diagnosis, metrics: contents of their files."""
    templates = environment(html=False)
    templates.filters |= {
        "plain": _plain,
        "code": _code,
        "titled": lambda name: _titled(name, about.titles),
    }
    counts = events.groupby(["class", "split"], sort=False).size().unstack(fill_value=0)
    splits = [name for name in SPLITS if name in counts]
    return templates.get_template("card.md.j2").render(
        **about.model_dump(),
        settings_text=yaml.safe_dump(about.settings, sort_keys=False).rstrip(),
        inputs_text=yaml.safe_dump(about.inputs, sort_keys=False).rstrip(),
        runs=sorted(events["run"].unique().tolist()),
        channels=sorted(events["channel"].unique().tolist()),
        splits=splits,
        counts={name: [int(row[split]) for split in splits] for name, row in counts.iterrows()},
        fingerprint=fingerprint(events),
        facts=diagnosis,
        results=[
            (title, metrics["metrics"][name])
            for name, title in NAMES.items()
            if metrics["metrics"].get(name, {}).get("value") is not None
        ],
        majority=metrics["majority"],
    )


def _titled(name: str, titles: Mapping[str, str]) -> str:
    """Title of a class, followed by its name in the tables if that differs."""
    title = titles.get(name, name)
    return title if title == name else f"{_plain(title)} ({_code(name)})"


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
    rows = events[columns].astype(str).agg(" ".join, axis=1).sort_values()
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()
