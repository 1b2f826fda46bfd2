"""A trained network made of nothing but Keras: it needs no package besides."""

from pathlib import Path
from typing import Any

import keras

from runsieve.errors import RunsieveError
from runsieve.files import written
from runsieve.networks.archive import foreign_layers
from runsieve.networks.augmentation import Augmented
from runsieve.networks.calibration import Isotonic, Temperature
from runsieve.networks.metadata import add_about
from runsieve.networks.scaling import RawScaling

OWN = (RawScaling, Augmented, Temperature, Isotonic)


def plain(network: keras.Model) -> keras.Model:
    """The same network with operations of Keras in place of the layers of runsieve.

    Inputs, outputs and names are the same; the other layers are shared.
    """

    def called(layer: keras.layers.Layer, *arguments, **options):
        if isinstance(layer, OWN):
            return layer.operations(*arguments)
        return layer(*arguments, **options)

    return keras.models.clone_model(
        network, clone_function=lambda layer: layer, call_function=called
    )


def save_plain(network: keras.Model, path: str | Path, about: dict[str, Any]) -> None:
    """Write `plain` of a network to a .keras file, with facts about it.

    Raises RunsieveError if it holds layers of the user's own.
    """
    with written(path) as place:
        plain(network).save(place)
        foreign = foreign_layers(place)
        if foreign:
            raise RunsieveError(
                f"{path}: not written, because layers of your own cannot do without their file: "
                f"{', '.join(foreign)}"
            )
        add_about(place, about)
