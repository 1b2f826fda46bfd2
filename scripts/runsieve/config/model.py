"""Settings of models: networks and the baselines that stand beside them."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from runsieve.config.base import Edges, Name, Settings


class Scaling(Settings):
    """First layers of a network: raw integers to numbers of order one."""

    segments: int = Field(
        1, gt=0, description="equal parts of the input with a pedestal each (PMTs)"
    )
    pedestal_samples: int = Field(0, ge=0, description="leading samples whose mean is subtracted")
    scale: float = Field(1.0, gt=0, description="value that becomes 1")


class Dense(Settings):
    """Fully connected layers, each followed by its dropout, and a softmax over the classes."""

    type: Literal["dense"] = "dense"
    units: list[Annotated[int, Field(gt=0)]] = Field(
        min_length=1, description="units of each hidden layer"
    )
    dropout: list[Annotated[float, Field(ge=0, lt=1)]] = Field(
        default_factory=list, description="dropout after each hidden layer"
    )
    activation: Literal["relu", "elu", "selu", "gelu", "silu", "tanh", "sigmoid"] = Field(
        "relu", description="activation of the hidden layers"
    )

    @model_validator(mode="after")
    def _dropout_a_layer(self) -> "Dense":
        if self.dropout and len(self.dropout) != len(self.units):
            raise ValueError(
                f"dropout has {len(self.dropout)} values for {len(self.units)} hidden layers"
            )
        return self


class Training(Settings):
    """How the weights are found."""

    epochs: int = Field(15, gt=0, description="passes over the training events")
    batch_size: int = Field(128, gt=0, description="events a step")
    learning_rate: float = Field(0.001, gt=0, description="rate of Adam")
    keep: Literal["best", "last"] = Field(
        "best", description="weights of the epoch with the lowest validation loss, or of the last"
    )


class Network(Settings):
    """A neural network on one input."""

    type: Literal["network"]
    input: Name = Field(description="name of the input")
    scaling: Scaling = Scaling()
    network: Dense
    training: Training = Training()


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


Model = Annotated[
    Network | Binned | GradientBoosting | LikelihoodRatio, Field(discriminator="type")
]
