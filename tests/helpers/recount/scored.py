"""The scored events of a model, and the thresholds that its working points choose."""

import itertools
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pandas as pd
import yaml
from sklearn.metrics import f1_score

POINTS = {"efficiency90": {"signal_efficiency": 0.9}, "half": {"score": 0.5}}


def settings_of(folder: Path, analysis: str) -> dict:
    """Content of the file of an analysis, with the values of its demo where that runs."""
    content = yaml.safe_load((folder / f"config/analyses/{analysis}.yaml").read_text())
    scale = yaml.safe_load((folder / "config/config.yaml").read_text())["scale"]
    demo = content.pop("demo", {})
    return merged(content, demo) if scale == "demo" else content


def merged(content: dict, more: dict) -> dict:
    found = dict(content)
    for key, value in more.items():
        if value is None:
            found.pop(key, None)
        elif isinstance(value, dict) and isinstance(found.get(key), dict):
            found[key] = merged(found[key], value)
        else:
            found[key] = value
    return found


@dataclass(frozen=True)
class Scored:
    """Test events of a model with their true classes, and its working points.

    train, test, validation: events with the columns of the scores file, `true` and `value`
    points: name, kind, target and threshold by class of each working point; the kind is None for
        the most probable class
    """

    classes: list[str]
    test: pd.DataFrame
    validation: pd.DataFrame
    points: list[tuple[str, str | None, float | str | None, dict[str, float]]]
    report: dict
    train: pd.DataFrame = field(default_factory=pd.DataFrame)

    @property
    def curves(self) -> list[str]:
        """The signal of two classes, or every one of more."""
        return self.classes[:1] if len(self.classes) == 2 else self.classes

    @property
    def variable(self) -> str | None:
        return self.report.get("variable", "energy") if self.report.get("edges") else None

    @property
    def defined(self):
        return [one for one in self.points if not any(np.isnan(t) for t in one[3].values())]

    @property
    def assigning(self):
        if len(self.classes) == 2:
            return self.defined
        return [one for one in self.points if one[1] is None]

    def bins(self) -> list[tuple[float, float]]:
        """Edges of each bin; without a variable one bin from NaN to NaN."""
        edges = self.report.get("edges")
        if not edges:
            return [(np.nan, np.nan)]
        if isinstance(edges, dict):
            number = round((edges["stop"] - edges["start"]) / edges["step"])
            edges = [edges["start"] + edges["step"] * i for i in range(number + 1)]
        return list(itertools.pairwise(edges))

    def inside(self, events: pd.DataFrame, low: float, high: float) -> pd.Series:
        if np.isnan(low):
            return pd.Series(True, index=events.index)
        value = events[self.variable]
        last = high == self.bins()[-1][1]
        return (value >= low) & ((value <= high) if last else (value < high))

    def assigned(self, events: pd.DataFrame, point) -> np.ndarray:
        """Name of the class that each event is assigned to."""
        columns = {one: events[f"p_{one}"].to_numpy(dtype=float) for one in self.classes}
        if point[1] is None:
            return np.array(
                [
                    max(self.classes, key=lambda one: columns[one][row])
                    for row in range(len(events))
                ],
                dtype=object,
            )
        signal, other = self.classes
        return np.where(columns[signal] >= point[3][signal], signal, other).astype(object)

    def passed(self, events: pd.DataFrame, point) -> np.ndarray:
        """True for events that are assigned to their true class, or pass its threshold."""
        if len(self.classes) == 2 or point[1] is None:
            return self.assigned(events, point) == events["true"].to_numpy()
        found = [
            row[f"p_{row['true']}"] >= point[3][row["true"]] for row in events.to_dict("records")
        ]
        return np.array(found, dtype=bool)

    def taken(self, events: pd.DataFrame, point, one: str) -> np.ndarray:
        """True for events of any class that are taken for class `one`."""
        if len(self.classes) == 2 or point[1] is None:
            return self.assigned(events, point) == one
        return events[f"p_{one}"].to_numpy() >= point[3][one]

    def scores(self, events: pd.DataFrame) -> dict[str, np.ndarray]:
        return {one: events[f"p_{one}"].to_numpy(dtype=float) for one in self.classes}

    def most_probable(self, events: pd.DataFrame) -> np.ndarray:
        """Name of the most probable class; of two, the signal from 0.5 on."""
        if len(self.classes) == 2:
            half = ("half", "score", 0.5, dict.fromkeys(self.classes[:1], 0.5))
            return self.assigned(events, half)
        return self.assigned(events, ("", None, None, {}))


def read_scored(path: Path, settings: dict) -> dict[str, Scored]:
    """The events judged by `label` and, where it is known, by `truth`."""
    scores = pd.read_parquet(path)
    classes = [name.removeprefix("p_") for name in scores if name.startswith("p_")]
    for one in classes:
        scores[f"p_{one}"] = scores[f"p_{one}"].astype(float).clip(0, 1)
    scores["true"] = scores["class"].astype(str)
    validation = scores[scores["split"] == "validation"]
    points = [
        (name, *next(iter(given.items())), {}) for name, given in working_points(settings).items()
    ]
    for _, kind, target, thresholds in points:
        for one in classes[:1] if len(classes) == 2 else classes:
            thresholds[one] = threshold_of(kind, target, one, validation)
    if len(classes) > 2:
        points.insert(0, ("most_probable", None, None, {}))
    test = scores[scores["split"] == "test"].reset_index(drop=True)
    train = scores[scores["split"] == "train"].reset_index(drop=True)
    label = Scored(classes, test, validation, points, settings.get("report", {}), train)
    found = {"label": label}
    if "truth" in scores and set(test["truth"].astype(str)) == set(classes):
        test, train = (one.assign(true=one["truth"].astype(str)) for one in (test, train))
        found["truth"] = replace(label, test=test, train=train)
    return found


def working_points(settings: dict) -> dict:
    return settings.get("working_points", POINTS)


def threshold_of(kind: str, target, signal: str, validation: pd.DataFrame) -> float:
    """The threshold of a working point, tried out on the validation events; NaN if there is none.

    At a fixed efficiency the highest that keeps this fraction of the signal, at a fixed rejection
    the lowest that rejects this fraction of the background; for f1 the highest of the best.
    """
    if kind == "score":
        return target
    mine = (validation["true"] == signal).to_numpy()
    score = validation[f"p_{signal}"].to_numpy(dtype=float)
    weight = validation["weight"].to_numpy(dtype=float)
    if not mine.any() or (mine.all() and kind != "signal_efficiency"):
        return np.nan
    if kind == "signal_efficiency":
        return first_beyond(target, -score[mine], weight[mine]) * -1
    if kind == "background_rejection":
        return np.nextafter(first_beyond(target, score[~mine], weight[~mine]), np.inf)
    found = {one: f1_score(mine, score >= one, sample_weight=weight) for one in set(score)}
    best = max(found.values())
    return max(one for one, value in found.items() if value > best - 1e-12)


def first_beyond(fraction: float, score: np.ndarray, weight: np.ndarray) -> float:
    """The lowest score up to which at least this fraction of the weight is."""
    total, so_far = weight.sum(), 0.0
    pairs = sorted(zip(score.tolist(), weight.tolist(), strict=True))
    for one, w in pairs:
        so_far += w
        if so_far / total >= fraction - 1e-9:
            return one
    raise AssertionError("the last score is beyond any fraction below 1")
