"""Settings of models: networks and the baselines that stand beside them."""

from typing import Annotated, Literal

from pydantic import Field

from runsieve.config.base import Edges, Name, Settings
from runsieve.config.network import Network


class Binned(Settings):
    """Knows only the bin of one column: the class shares of the training events in that bin."""

    type: Literal["binned"]
    column: Name = Field(description="column of the event list")
    edges: Edges


class PulseShape(Settings):
    """Windows of the pulse-shape features, in samples from the start of the record."""

    segments: int = Field(1, gt=0, description="equal parts of the waveform (PMTs)")
    sample_ns: float = Field(gt=0, description="length of a sample in ns")
    pedestal_samples: int = Field(gt=0, description="leading samples that make the pedestal")
    onset: int = Field(ge=0, description="first sample of the pulse")
    early_ns: float = Field(50.0, description="end of the early window, ns after the onset")
    late_ns: tuple[float, float] = Field((100.0, 600.0), description="late window, ns")
    mean_ns: float = Field(600.0, description="end of the window of mean time and ratios, ns")
    cluster_threshold: float = Field(gt=0, description="ADC counts over pedestal of a cluster")
    cluster_gap_ns: float = Field(40.0, description="quiet time that parts two clusters, ns")


class GradientBoosting(Settings):
    """Boosted trees on pulse-shape features of a waveform."""

    type: Literal["gradient_boosting"]
    input: Name = Field(description="name of the waveform input")
    pulse_shape: PulseShape
    iterations: int = Field(
        200, gt=0, description="most trees; fewer where the validation loss stops falling"
    )
    learning_rate: float = Field(0.05, gt=0, description="shrinkage")


class LikelihoodRatio(Settings):
    """The exact log likelihood ratio of a simulated event: the best possible score.

    Its input has two values: the ratio at the event's own energy, and that of the energy spectra.
    """

    type: Literal["likelihood_ratio"]
    input: Name = Field(description="name of the input with the two log likelihood ratios")


def inputs_of(model: "Model") -> list[str]:
    """Names of the inputs that a model sees; none if columns of the event list are enough."""
    if isinstance(model, Network):
        return list(model.towers)
    return [] if isinstance(model, Binned) else [model.input]


Model = Annotated[
    Network | Binned | GradientBoosting | LikelihoodRatio, Field(discriminator="type")
]
