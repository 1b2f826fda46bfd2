"""Models that stand beside the networks: one column alone, boosted trees, and the oracle."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import skops.io
from pydantic import TypeAdapter
from sklearn.base import ClassifierMixin
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.tree import DecisionTreeClassifier

from runsieve.config.model import Binned, GradientBoosting, LikelihoodRatio, Model
from runsieve.errors import RunsieveError
from runsieve.pulse_shape import features
from runsieve.sample_files import require_classes

# Beyond what skops trusts by itself: scikit-learn's trees. skops leaves them to the user because
# scikit-learn does not check their node numbers when it predicts.
TRUSTED = (
    "sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor",
    "sklearn.tree._tree.Tree",
)

BaselineSettings = Binned | GradientBoosting | LikelihoodRatio


@dataclass(frozen=True)
class Baseline:
    """A fitted estimator and the settings that say what it looks at."""

    settings: BaselineSettings
    estimator: ClassifierMixin

    def probabilities(self, events: pd.DataFrame, array: np.ndarray | None = None) -> np.ndarray:
        """Probabilities of the classes for each event, shape (events, classes)."""
        return self.estimator.predict_proba(_observables(self.settings, events, array))


def fit(
    settings: BaselineSettings,
    events: pd.DataFrame,
    array: np.ndarray | None,
    classes: Sequence[str],
    seed: int,
    matched: bool,
) -> Baseline:
    """Fit a baseline to the training events with their weights.

    `events` has the columns label, split, weight, row (into `array`, shape (rows, *shape)) and
    that of `binned`. `matched` says that the classes have the same energy spectrum. Raises
    RunsieveError if a class has no event.
    """
    splits = ("train", "validation") if settings.type == "gradient_boosting" else ("train",)
    require_classes(events, classes, splits)
    if settings.type == "gradient_boosting":
        return Baseline(settings, _boosted_trees(settings, events, array, seed))
    training = events[events["split"] == "train"]
    if settings.type == "binned":
        return Baseline(settings, _class_shares(settings, training))
    return Baseline(settings, _likelihood_ratio(training, classes, matched))


def save(baseline: Baseline, path: str | Path) -> None:
    """Write a baseline as a .skops file, which needs no pickle."""
    settings = baseline.settings.model_dump(mode="json")
    skops.io.dump({"settings": settings, "estimator": baseline.estimator}, path)


def load(path: str | Path) -> Baseline:
    """Read a baseline; RunsieveError if the file holds a type other than those of scikit-learn."""
    foreign = sorted(set(skops.io.get_untrusted_types(file=path)) - set(TRUSTED))
    if foreign:
        raise RunsieveError(
            f"{path}: only types of scikit-learn and numpy are loaded, found {', '.join(foreign)}"
        )
    parts = skops.io.load(path, trusted=list(TRUSTED))
    settings = TypeAdapter(Model).validate_python(parts["settings"])
    return Baseline(settings, parts["estimator"])


def _observables(
    settings: BaselineSettings, events: pd.DataFrame, array: np.ndarray | None
) -> np.ndarray:
    """What the estimator looks at, shape (events, features)."""
    if settings.type == "binned":
        return _bins(settings, events)[:, None]
    if array is None:
        raise RunsieveError(f"baseline: {settings.type} needs the array of input {settings.input}")
    if settings.type == "gradient_boosting":
        waveforms = array.reshape(len(array), -1)
        return features(waveforms, settings.pulse_shape, events["row"].to_numpy())
    ratios = np.asarray(array[events["row"].to_numpy()], dtype=np.float64)
    if ratios.shape[1:] != (2,):
        raise RunsieveError(
            f"input {settings.input}: two log likelihood ratios an event expected (shape and "
            f"energy), found the shape {ratios.shape[1:]}"
        )
    if not np.isfinite(ratios).all():
        raise RunsieveError(
            f"input {settings.input}: log likelihood ratios must be finite, found "
            f"{np.count_nonzero(~np.isfinite(ratios).all(axis=1))} events with NaN or infinity"
        )
    return ratios


def _bins(settings: Binned, events: pd.DataFrame) -> np.ndarray:
    """Bin of each event: 0 below the lowest edge, len(edges) at or above the highest."""
    if settings.column not in events.columns:
        raise RunsieveError(
            f"baseline: no column {settings.column} in the sample; "
            f"columns: {', '.join(map(str, events.columns))}"
        )
    values = events[settings.column].to_numpy(dtype=float)
    if np.isnan(values).any():
        raise RunsieveError(
            f"baseline: column {settings.column} is NaN in {np.count_nonzero(np.isnan(values))} "
            f"of {len(values)} events, numbers were expected"
        )
    return np.digitize(values, settings.edges.array())


def _class_shares(settings: Binned, training: pd.DataFrame) -> DecisionTreeClassifier:
    """A tree with one leaf a bin, so that its probabilities are the weighted class shares.

    A bin without training events goes with the nearest bin that has some, the lower of two.
    """
    tree = DecisionTreeClassifier(random_state=0)
    return tree.fit(_bins(settings, training)[:, None], training["label"], training["weight"])


def _boosted_trees(
    settings: GradientBoosting, events: pd.DataFrame, array: np.ndarray | None, seed: int
) -> HistGradientBoostingClassifier:
    """Boosted trees that stop growing when the validation loss does not fall any more."""
    part = {name: events[events["split"] == name] for name in ("train", "validation")}
    seen = {name: _observables(settings, table, array) for name, table in part.items()}
    trees = HistGradientBoostingClassifier(
        max_iter=settings.iterations,
        learning_rate=settings.learning_rate,
        early_stopping=True,
        random_state=seed,
    )
    trees.fit(
        seen["train"],
        part["train"]["label"],
        part["train"]["weight"],
        X_val=seen["validation"],
        y_val=part["validation"]["label"],
        sample_weight_val=part["validation"]["weight"],
    )
    print(f"{trees.n_iter_} of at most {settings.iterations} trees", flush=True)
    return trees


def _likelihood_ratio(
    training: pd.DataFrame, classes: Sequence[str], matched: bool
) -> LogisticRegression:
    """The posterior of two classes, ln p_0/p_1 = llr + ln n_0/n_1: nothing to fit but the prior.

    By the Neyman-Pearson lemma no other score separates the classes better. `classes[0]` is the
    hypothesis in the numerator. Where the energy spectra were made equal, their ratio is 1.
    """
    if len(classes) != 2:
        raise RunsieveError(
            f"baseline: a likelihood ratio is of two classes, found {len(classes)}: "
            f"{', '.join(classes)}"
        )
    numbers = training.groupby("label")["weight"].sum()
    posterior = LogisticRegression()
    posterior.classes_ = np.array([0, 1])
    posterior.n_features_in_ = 2
    # scikit-learn gives the probability of the second class, hence the signs.
    posterior.coef_ = -np.array([[1.0, 0.0 if matched else 1.0]])
    posterior.intercept_ = -np.log(np.array([numbers[0] / numbers[1]]))
    return posterior
