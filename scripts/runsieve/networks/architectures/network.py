"""Towers of convolutions or plain values, joined and followed by dense layers."""

from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field, field_validator

from runsieve.config.base import Name
from runsieve.config.layers import Dense, Head, Scaling, Tower
from runsieve.config.network import NetworkSettings

if TYPE_CHECKING:
    import keras

    from runsieve.networks.building import Seen


class Network(NetworkSettings):
    """A neural network on one or several inputs, each with a tower of its own."""

    input_key: ClassVar[str] = "towers"

    type: Literal["network"]
    towers: dict[Name, Tower] = Field(
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

    @field_validator("towers", mode="before")
    @classmethod
    def _empty_is_plain(cls, value: object) -> object:
        if isinstance(value, dict):
            return {name: {} if tower is None else tower for name, tower in value.items()}
        return value


def build(settings: Network, seen: "Seen", precision: str) -> "keras.Model":
    """The network; see `building.build`."""
    from runsieve.networks import layers
    from runsieve.networks.building import model

    raw = seen.raw(list(settings.towers))
    ends = [
        layers.tower(name, tower, raw[name], precision, seen.moments.get(name))
        for name, tower in settings.towers.items()
    ]
    values = layers.dense(settings.dense, layers.joined(ends, precision), precision)
    return model(raw, layers.head(settings.head, values, len(seen.classes)))
