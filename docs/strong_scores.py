"""Scores that tell the classes of simulated runs well, which trivial numbers are compared with."""

import sys
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from sklearn.base import ClassifierMixin
from sklearn.ensemble import ExtraTreesClassifier, HistGradientBoostingClassifier
from sklearn.model_selection import cross_val_predict

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "scripts"))

from runsieve.simulate.muons.run import SUMS

SEED = 5
FEATURES = ("r_had", "w_eta2", "r_phi", "r_eta", "sigma_eta_eta", "isolation_03", "isolation_04")

Events = dict[str, np.ndarray]  # by branch, one value or array per event
Scores = dict[str, np.ndarray]  # by class, one value per event


def with_energy(events: Events, classes: np.ndarray) -> Scores:
    """The exact likelihood ratio of crystal 3."""
    return _signal(events["crystal3_llr_shape"] + events["crystal3_llr_energy"])


def without_energy(events: Events, classes: np.ndarray) -> Scores:
    """The exact likelihood ratio of crystal 3 where the classes have the same energies."""
    return _signal(events["crystal3_llr_shape"])


def _signal(ratio: np.ndarray) -> Scores:
    return {"signal": ratio, "background": -ratio}


def seven_features(events: Events, classes: np.ndarray) -> Scores:
    """Boosted trees on the seven features."""
    return _boosted(FEATURES, events, classes)


def hits_in_squares(events: Events, classes: np.ndarray) -> Scores:
    """Random trees on the numbers of hits in squares of 8 x 8 pixels and in rows of squares."""
    image = events["image"]
    squares = image.reshape(len(image), 14, 8, 11, 8).sum(axis=(2, 4))
    parts = squares, squares.sum(axis=1), squares.sum(axis=2)
    seen = np.concatenate([part.reshape(len(image), -1) for part in parts], axis=1)
    return _scores(_forest(), seen, classes)


def straightest(events: Events, classes: np.ndarray) -> Scores:
    """The largest number of planes hit along a nearly straight line from the source."""
    image = events["image"]
    columns = (np.arange(16) + 0.5) * 32
    row, slope, bend = np.meshgrid(
        np.arange(246, 268, 2), np.arange(-0.41, 0.42, 0.01), np.linspace(-1, 1, 7) / 9600
    )
    lines = (line.reshape(-1, 1) for line in (row, slope, bend))
    start, steep, curved = lines
    rows = np.floor(start + steep * columns + curved * (1 + steep**2) ** 1.5 * columns**2)
    rows = np.clip(rows.astype(int), 0, image.shape[1] - 1)
    hit = np.zeros((len(image), len(rows)), dtype=np.int8)
    for plane, column in enumerate(columns.astype(int)):
        hit += (image[:, :, column] > 0)[:, rows[:, plane]]
    planes = hit.max(axis=1).astype(float)
    return {"high": planes, "low": -planes}


def figure_alone(events: Events, classes: np.ndarray) -> Scores:
    """Random trees on the figure: its distance from the colour of the border, cut out and scaled.

    12 x 12 values between 0 and 1, and their mirror image added.
    """
    seen = []
    for image in events["image"].astype(float):
        border = np.concatenate([image[0], image[-1], image[:, 0], image[:, -1]])
        away = np.sqrt(((image - np.median(border, axis=0)) ** 2).sum(axis=2))
        inside = away > 0.35 * np.quantile(away, 0.98)
        rows, columns = (np.flatnonzero(inside.sum(axis=axis) > 1) for axis in (1, 0))
        cut = (np.linspace(ends[0], ends[-1], 12).round().astype(int) for ends in (rows, columns))
        figure = away[np.ix_(*cut)] / away.max()
        seen.append(np.concatenate([(figure + figure[:, ::-1])[:, :6], figure], axis=1).ravel())
    return _scores(_forest(), np.array(seen), classes)


def sums_in_circles(events: Events, classes: np.ndarray) -> Scores:
    """Boosted trees on the energies within seven circles around the muon."""
    return _boosted(SUMS, events, classes)


def pulses_alone(events: Events, classes: np.ndarray) -> Scores:
    """Random trees on what rises from the baseline, cut out and scaled: 48 means."""
    seen = []
    for waveform in events["waveform"].astype(float):
        short = waveform.reshape(-1, 20).mean(axis=1)
        away = short - np.median(short)
        inside = np.flatnonzero(np.abs(away) > 0.15 * np.abs(away).max())
        edges = np.linspace(inside[0], inside[-1], 48)
        seen.append(np.interp(edges, np.arange(len(away)), away) / np.abs(away).max())
    return _scores(_forest(), np.array(seen), classes)


def _boosted(names: Iterable[str], events: Events, classes: np.ndarray) -> Scores:
    trees = HistGradientBoostingClassifier(learning_rate=0.05, random_state=SEED)
    return _scores(trees, np.column_stack([events[name] for name in names]), classes)


def _forest() -> ExtraTreesClassifier:
    return ExtraTreesClassifier(200, min_samples_leaf=2, random_state=SEED)


def _scores(trees: ClassifierMixin, seen: np.ndarray, classes: np.ndarray) -> Scores:
    """Each event is scored by trees that have not seen it."""
    scores = cross_val_predict(trees, seen, classes, cv=3, method="predict_proba")
    return dict(zip(np.unique(classes), scores.T, strict=True))
