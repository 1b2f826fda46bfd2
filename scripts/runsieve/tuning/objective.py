"""What a search maximises: the AUC of a trained model on validation events."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from pydantic import ValidationError

from runsieve.baselines.registry import CLASSIFIERS
from runsieve.config.messages import sentences
from runsieve.config.model import ModelSettings
from runsieve.config.network import NetworkSettings
from runsieve.config.search import with_values
from runsieve.errors import RunsieveError
from runsieve.evaluation.delong import area_of
from runsieve.networks.registry import ARCHITECTURES
from runsieve.samples.sample_files import FitSample
from runsieve.tuning.worker import Course, Objective

SEEN = ("train", "validation")


def objective_of(start: Mapping[str, Any], sample: FitSample, seed: int) -> Objective:
    """The objective of a search.

    start: settings of the model that it starts from; sample: training and validation events. More
    than two classes: the mean AUC of each class against the rest. Events count with their weights.
    """
    settings = start_of(start)
    run = _network if isinstance(settings, NetworkSettings) else _baseline

    def objective(values: Mapping[str, Any], course: Course) -> float:
        return run(settings_with(settings, values), sample, seed, course)

    return objective


def start_of(start: Mapping[str, Any]) -> ModelSettings:
    """Settings of a model of either family from plain values."""
    types = ARCHITECTURES if start["type"] in ARCHITECTURES else CLASSIFIERS
    return types.validated(start)


def settings_with(start: ModelSettings, values: Mapping[str, Any]) -> ModelSettings:
    """Settings of a model with other values at dotted keys, and without calibration.

    A calibration keeps the order of events, or makes ties. Raises RunsieveError for settings that
    no model can have.
    """
    changed = with_values(start.model_dump(mode="json"), {**values, "calibration": "none"})
    try:
        return type(start).model_validate(changed)
    except ValidationError as error:
        raise RunsieveError("; ".join(sentences(error, type(start), ""))) from None


def _network(settings: NetworkSettings, sample: FitSample, seed: int, course: Course) -> float:
    from runsieve.networks.backend import forget
    from runsieve.networks.prediction import predict
    from runsieve.networks.training import train

    def after_epoch(epoch: int, network: Any) -> None:
        if epoch == 1:
            course.weigh(network.count_params())
        course.report(_area(sample, lambda rows: predict(network, sample.arrays, rows)))

    try:
        trained = train(settings, sample, seed, after_epoch=after_epoch)
        return course.values[trained.kept_epoch - 1]
    finally:
        forget()


def _baseline(settings: ModelSettings, sample: FitSample, seed: int, course: Course) -> float:
    from runsieve.baselines.baseline import fit

    fitted, events = fit(settings, sample, seed), sample.split("validation")
    value = _area(sample, lambda _: fitted.probabilities(events, sample.arrays))
    course.report(value)
    return value


def _area(sample: FitSample, probabilities: Callable[[np.ndarray], np.ndarray]) -> float:
    """Validation AUC, given what computes the probabilities of rows, shape (rows, classes)."""
    events = sample.split("validation")
    found = np.asarray(probabilities(events["row"].to_numpy()), dtype=float)
    return area_of(events["label"].to_numpy(), found, events["weight"].to_numpy()).value
