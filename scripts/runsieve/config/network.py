"""Settings common to all neural networks: how they are trained."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, ClassVar, Generic, Literal, TypeVar

from pydantic import Field, field_validator

from runsieve.config.base import Name, Number, Rate, Settings
from runsieve.config.layers import Dense, Head, Scaling, View
from runsieve.config.model import ModelSettings

if TYPE_CHECKING:
    from runsieve.config.inputs import Input


class Plateau(Settings):
    """Lower the learning rate when the monitored metric no longer improves."""

    factor: float = Field(0.3, gt=0, lt=1, description="new rate over old")
    patience: Number = Field(5, description="epochs without improvement")
    minimum: float = Field(1e-6, ge=0, le=1000, description="lowest rate")


class Training(Settings):
    """How the weights are optimised."""

    epochs: Number = Field(15, description="maximum number of passes over the training events")
    batch_size: Number = Field(128, description="events per step")
    optimiser: Literal["adam", "adamw", "nadam", "rmsprop", "sgd"] = "adam"
    learning_rate: float = Field(0.001, gt=0, le=1000, description="initial learning rate")
    warm_up: int = Field(
        0, ge=0, le=1_000_000, description="epochs over which the rate rises to its initial value"
    )
    schedule: Literal["constant", "cosine"] = Field(
        "constant", description="cosine: the rate decays towards zero over the epochs"
    )
    plateau: Plateau | None = None
    early_stopping: Number | None = Field(
        None, description="stop after this number of epochs without improvement"
    )
    loss: Literal["crossentropy", "focal"] = "crossentropy"
    label_smoothing: Rate = 0.0
    monitor: Literal["val_loss", "val_accuracy"] = Field(
        "val_loss", description="metric that chooses the epoch and decides when to stop"
    )
    keep: Literal["best", "last"] = Field("best", description="epoch whose weights are kept")
    shuffle: bool = Field(
        True, description="over the whole sample, in each epoch; false only for studies"
    )
    precision: Literal["auto", "float32", "mixed_bfloat16"] = Field(
        "auto", description="auto: mixed_bfloat16 where the processor computes in it"
    )
    threads: int = Field(
        2, ge=1, le=256, description="processor cores of a training; rounding may depend on them"
    )
    tensorboard: bool = Field(False, description="also write TensorBoard's files")


class NetworkSettings(ModelSettings):
    """Base of the settings of every network: an architecture adds its layers."""

    training: Training = Training()

    def scalings(self) -> dict[str, Scaling]:
        """Scaling of raw values inside the network, by input; only where the settings define it."""
        return {}


Towered = TypeVar("Towered", bound=View)


class TowerNetworkSettings(NetworkSettings, Generic[Towered]):
    """Base of networks with one tower per input, followed by dense layers and a head."""

    input_key: ClassVar[str] = "towers"

    towers: dict[Name, Towered] = Field(
        min_length=1, description="input: what happens to it before the inputs are joined"
    )
    dense: Dense = Dense()
    head: Head = "softmax"

    def inputs_seen(self) -> list[str]:
        """The inputs that have a tower."""
        return list(self.towers)

    def scalings(self) -> dict[str, Scaling]:
        """The scaling of each tower."""
        return {name: tower.scaling for name, tower in self.towers.items()}

    def problems(self, inputs: "Mapping[str, Input]") -> Iterator[tuple[str, str]]:
        """An augmentation that does not go with its input."""
        for name, tower in self.towers.items():
            asked = tower.augmentation if name in inputs else None
            if asked is not None and (text := asked.misfit(inputs[name].event_shape())):
                yield f"towers.{name}.augmentation", text

    @field_validator("towers", mode="before")
    @classmethod
    def _empty_is_plain(cls, value: object) -> object:
        if isinstance(value, dict):
            return {name: {} if tower is None else tower for name, tower in value.items()}
        return value
