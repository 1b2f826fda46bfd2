"""Choice of the best model of a sample, and the models that are compatible with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from runsieve.evaluation.auc import area
from runsieve.evaluation.delong import Area, mean_area, p_value
from runsieve.evaluation.holm import holm
from runsieve.evaluation.predictions import Predictions
from runsieve.evaluation.same_events import Training, require_same_events
from runsieve.evaluation.seeds import freedom, variance_of_mean
from runsieve.intervals import ABOVE

SIGNIFICANT = 0.05  # p-value up to which a model is not compatible with the chosen one
COLUMNS = (
    "model", "validation_auc", "chosen", "compatible", "p_against_chosen",
    "auc_against_chosen", "auc_against_chosen_low", "auc_against_chosen_high",
    "better_than_baseline_sigma",
)  # fmt: skip


@dataclass(frozen=True)
class Rated:
    """A model, rated by the mean over its trainings.

    validation: mean AUC on validation events, NaN where a class has none
    test: mean AUC on test events
    seed_variance: variance of that mean from the spread between `seeds` trainings; 0 for one
    """

    validation: float
    test: Area
    seed_variance: float
    seeds: int

    def against(self, other: "Rated") -> "Difference":
        """The difference of AUC on test events, with its p-value and interval.

        The error adds, in quadrature, that from the finite number of events (correlations
        included) and those of the two means over seeds. The latter come from few seeds, so the
        p-value is from Student's distribution with their `freedom`. This is an approximation: of
        equal models with three seeds, which spread by five times the statistical error, 7.6 % have
        a p-value below 0.05. The interval holds 68.27 % of the same distribution.
        """
        difference = self.test - other.test
        variance = difference.variance + self.seed_variance + other.seed_variance
        known = freedom(variance, *((one.seed_variance, one.seeds) for one in (self, other)))
        error = np.sqrt(variance)
        p = p_value(difference.value, error, len(difference.influence), known)
        return Difference(difference.value, error, error * stdtrit(known, ABOVE), p)


@dataclass(frozen=True)
class Difference:
    """A difference of two AUC: its standard error, half of its 68.27 % interval, its p-value."""

    value: float
    error: float
    half: float
    p: float

    @property
    def sigma(self) -> float:
        """The difference over its error; NaN where that is zero or unknown."""
        return self.value / self.error if self.error > 0 else np.nan


def choose(
    scored: Mapping[Training, Predictions],
    baseline: str | None = None,
    oracle: str | None = None,
) -> pd.DataFrame:
    """One row per model, from the predictions of its trainings by (model, seed).

    validation_auc: mean over the seeds of the AUC on validation events
    chosen: True for the model with the largest of these; never `oracle`
    p_against_chosen: for the hypothesis that this model and the chosen one have the same AUC, from
        test events and seeds (`Rated.against`), corrected for the number of models that are
        compared with the chosen one (`holm`)
    auc_against_chosen, with _low and _high: mean AUC on test events minus that of the chosen model,
        with the interval of this paired difference
    compatible: True for the chosen model, and for those whose p_against_chosen is above 0.05
    better_than_baseline_sigma: mean AUC on test events minus that of `baseline`, over the error of
        this difference, which takes into account that both saw the same events

    Test events have no part in the choice, so the interval of the chosen model on test events
    covers as that of any other model and needs no correction. Where validation has no event of a
    class, no model is chosen, and nothing is compared with it.

    With folds, the validation scores of all folds are pooled. Their events are tested as well, by
    the models of other folds, so that the choice is not independent of the test events, and the
    result of the chosen model can be slightly too good.

    Raises RunsieveError unless all models have the same events.
    """
    require_same_events(scored)
    trainings: dict[str, list[Predictions]] = {}
    for (model, _), predictions in scored.items():
        trainings.setdefault(model, []).append(predictions)
    rated = {model: rate(members) for model, members in trainings.items()}
    chosen = _chosen(rated, oracle)
    others = [model for model in rated if chosen is not None and model != chosen]
    found = {model: rated[model].against(rated[chosen]) for model in others}
    p = dict(zip(others, holm(np.array([one.p for one in found.values()])), strict=True))
    rows = [
        {
            "model": model,
            "validation_auc": one.validation,
            "chosen": model == chosen,
            "compatible": model == chosen or (model in p and not p[model] <= SIGNIFICANT),
            "p_against_chosen": p.get(model, np.nan),
            **_against(found.get(model)),
            "better_than_baseline_sigma": one.against(rated[baseline]).sigma
            if baseline in rated and model != baseline
            else np.nan,
        }
        for model, one in rated.items()
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _against(found: Difference | None) -> dict[str, float]:
    if found is None:
        return {}
    return {
        "auc_against_chosen": found.value,
        "auc_against_chosen_low": found.value - found.half,
        "auc_against_chosen_high": found.value + found.half,
    }


def rate(trainings: Sequence[Predictions]) -> Rated:
    areas = [area(one.part("test")) for one in trainings]
    validation = [_validation_auc(one.part("validation")) for one in trainings]
    of_seeds = variance_of_mean(np.array([one.value for one in areas]))
    return Rated(float(np.mean(validation)), mean_area(areas), of_seeds, len(areas))


def _chosen(rated: Mapping[str, Rated], oracle: str | None) -> str | None:
    """The first model with the largest AUC on validation; says so where there is none."""
    candidates = [model for model in rated if model != oracle]
    if not candidates:
        print("no model is chosen: there is none besides the oracle")
        return None
    if np.isnan(rated[candidates[0]].validation):
        print("no model is chosen: a class has no validation event")
        return None
    return max(candidates, key=lambda model: rated[model].validation)


def _validation_auc(validation: Predictions) -> float:
    counts = np.bincount(validation.true, minlength=len(validation.classes))
    return area(validation).value if counts.all() else np.nan
