"""Calibration of probabilities: a map that is fitted on validation events and then applied."""

from dataclasses import dataclass

import numpy as np

# Not the smallest probability of the log losses: raising to that would make ties.
SMALLEST = float(np.finfo(np.float32).tiny)
TEMPERATURES = (0.01, 100.0)


@dataclass(frozen=True)
class Calibrator:
    """A fitted map from probabilities to calibrated ones.

    method: temperature or isotonic
    values: of `temperature`, its value, shape (1,); of `isotonic`, the knots of each map in turn
        (probabilities, then calibrated ones, both of shape (knots,)): one map for the first of two
        classes, one for each of more
    """

    method: str
    values: list[np.ndarray]

    @property
    def maps(self) -> list[tuple[np.ndarray, np.ndarray]]:
        """Knots and calibrated probabilities of each map of `isotonic`."""
        return list(zip(self.values[::2], self.values[1::2], strict=True))

    def __call__(self, probability: np.ndarray) -> np.ndarray:
        """Calibrated probabilities; both of shape (events, classes)."""
        if self.method == "temperature":
            return _tempered(np.log(np.maximum(probability, SMALLEST)), 1 / self.values[0][0])
        parts = [np.interp(probability[:, index], *pair) for index, pair in enumerate(self.maps)]
        if len(parts) == 1:
            return np.column_stack([parts[0], 1 - parts[0]])
        mapped = np.column_stack(parts)
        total = mapped.sum(axis=1, keepdims=True)
        equal = np.full_like(mapped, 1 / mapped.shape[1])
        return np.divide(mapped, total, out=equal, where=total > 0)


def fit_calibrator(
    method: str, probability: np.ndarray, label: np.ndarray, weight: np.ndarray
) -> Calibrator:
    """Fit a calibrator to events: probabilities (events, classes), labels and weights (events,).

    temperature: softmax of log p / T with the T that minimises the log loss (Guo, Pleiss, Sun and
    Weinberger, ICML 2017). T is between 0.01 and 100; it never changes the most probable class,
    and with two classes never the order of events.
    isotonic: an increasing, piecewise linear map that minimises the squared error; with more than
    two classes one for each against the rest, then normalised (Zadrozny and Elkan, KDD 2002). Where
    it is flat, different probabilities become equal, and its ends may be 0 and 1.
    """
    probability = np.asarray(probability, dtype=float)
    if method == "temperature":
        return Calibrator(method, [_temperature(probability, label, weight)])
    maps = range(1 if probability.shape[1] == 2 else probability.shape[1])
    knots = [_knots(probability[:, index], label == index, weight) for index in maps]
    return Calibrator(method, [values for pair in knots for values in pair])


def describe(calibrator: Calibrator) -> str:
    """One line for the log."""
    if calibrator.method == "temperature":
        return f"calibrated on validation events: temperature {calibrator.values[0][0]:.4g}"
    sizes = ", ".join(str(len(knots)) for knots, _ in calibrator.maps)
    return f"calibrated on validation events: isotonic, {sizes} knots"


def _temperature(probability: np.ndarray, label: np.ndarray, weight: np.ndarray) -> np.ndarray:
    from scipy.optimize import minimize_scalar
    from scipy.special import logsumexp

    logs = np.log(np.maximum(probability, SMALLEST))
    right = np.take_along_axis(logs, np.asarray(label)[:, None], axis=1)[:, 0]

    def loss(log_temperature: float) -> float:
        inverse = np.exp(-log_temperature)
        return np.average(logsumexp(inverse * logs, axis=1) - inverse * right, weights=weight)

    # The loss is convex in 1 / T and so has one minimum in log T.
    found = minimize_scalar(
        loss, bounds=np.log(TEMPERATURES), method="bounded", options={"xatol": 1e-6}
    )
    return np.exp([found.x])


def _knots(
    probability: np.ndarray, of_class: np.ndarray, weight: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Knots of an isotonic regression, at least two."""
    from sklearn.isotonic import IsotonicRegression

    fitted = IsotonicRegression(y_min=0, y_max=1, increasing=True)
    fitted.fit(probability, of_class.astype(float), sample_weight=weight)
    knots, values = fitted.X_thresholds_, fitted.y_thresholds_
    if len(knots) == 1:
        return np.array([knots[0], knots[0] + 1]), np.repeat(values, 2)
    return knots, values


def _tempered(logs: np.ndarray, inverse: float) -> np.ndarray:
    """Softmax of log probabilities over a temperature."""
    powers = np.exp(inverse * (logs - logs.max(axis=1, keepdims=True)))
    return powers / powers.sum(axis=1, keepdims=True)
