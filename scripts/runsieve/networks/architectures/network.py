"""Towers of convolutions or plain values, joined and followed by dense layers."""

from typing import TYPE_CHECKING, Literal

from runsieve.config.layers import Tower
from runsieve.config.network import TowerNetworkSettings

if TYPE_CHECKING:
    import keras

    from runsieve.networks.building import Seen


class Network(TowerNetworkSettings[Tower]):
    """A neural network on one or several inputs, each with a tower of its own."""

    type: Literal["network"]


def build(settings: Network, seen: "Seen", precision: str) -> "keras.Model":
    """The network; see `building.build`."""
    from runsieve.networks import layers

    raw = seen.raw(list(settings.towers))
    ends = [
        layers.tower(name, tower, raw[name], precision, seen)
        for name, tower in settings.towers.items()
    ]
    return layers.finished(settings, seen, raw, ends, precision)
