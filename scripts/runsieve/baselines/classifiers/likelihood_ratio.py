"""The exact likelihood ratio of simulated events: the best possible score."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np
import pandas as pd
from pydantic import Field

from runsieve.config.base import Name
from runsieve.config.model import ModelSettings
from runsieve.config.pulse import Pulse
from runsieve.errors import RunsieveError
from runsieve.samples.sample_files import Arrays, FitSample

if TYPE_CHECKING:
    from sklearn.linear_model import LogisticRegression

    from runsieve.config.inputs import Input


class LikelihoodRatio(ModelSettings):
    """The exact log likelihood ratio of a simulated event: the best possible score.

    Its input has two values: the log ratio at the event's energy, and that of the energy spectra.
    Spectra and prior are those of one sample, so that cross tests use the fit of the tested sample.
    """

    seeded: ClassVar[bool] = False
    bound_to_sample: ClassVar[bool] = True
    input_key: ClassVar[str] = "input"

    type: Literal["likelihood_ratio"]
    input: Name = Field(description="name of the input with the two log likelihood ratios")

    def inputs_seen(self) -> list[str]:
        """The input with the ratios."""
        return [self.input]

    def problems(self, inputs: "Mapping[str, Input]") -> Iterator[tuple[str, str]]:
        """Yield a problem if the input cannot hold two ratios."""
        if self.input in inputs and inputs[self.input].event_shape() != (2,):
            shape = list(inputs[self.input].event_shape())
            yield (
                "input",
                f"two log likelihood ratios expected, '{self.input}' has the shape {shape}",
            )


def observables(
    settings: LikelihoodRatio, events: pd.DataFrame, arrays: Arrays, pulses: Mapping[str, Pulse]
) -> np.ndarray:
    """The two log likelihood ratios of each event, float64 of shape (events, 2).

    Raises RunsieveError if the input has another shape or a value that is not finite.
    """
    ratios = np.asarray(arrays[settings.input][events["row"].to_numpy()], dtype=np.float64)
    if ratios.shape[1:] != (2,):
        raise RunsieveError(
            f"input {settings.input}: two log likelihood ratios per event expected (shape and "
            f"energy), found the shape {ratios.shape[1:]}"
        )
    if not np.isfinite(ratios).all():
        raise RunsieveError(
            f"input {settings.input}: log likelihood ratios must be finite, found "
            f"{np.count_nonzero(~np.isfinite(ratios).all(axis=1))} events with NaN or infinity"
        )
    return ratios


def fit(settings: LikelihoodRatio, sample: FitSample, seed: int) -> "LogisticRegression":
    """The posterior of two classes, ln p_0/p_1 = llr + ln n_0/n_1: only the prior is fitted.

    By the Neyman-Pearson lemma no other score separates the classes better. The first class is the
    hypothesis in the numerator. In a matched sample, the ratio of the energy spectra is 1.
    """
    from sklearn.linear_model import LogisticRegression

    if len(sample.classes) != 2:
        raise RunsieveError(
            f"baseline: a likelihood ratio needs two classes, found {len(sample.classes)}: "
            f"{', '.join(sample.classes)}"
        )
    numbers = sample.split("train").groupby("label")["weight"].sum()
    posterior = LogisticRegression()
    posterior.classes_ = np.array([0, 1])
    posterior.n_features_in_ = 2
    # scikit-learn models the log odds of the second class, hence the signs.
    posterior.coef_ = -np.array([[1.0, 0.0 if sample.matched else 1.0]])
    posterior.intercept_ = -np.log(np.array([numbers[0] / numbers[1]]))
    return posterior
