"""What a trained network looks at: attributions of events, their checks, and feature maps."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from runsieve.config.inputs import Input
from runsieve.networks.attributions.integrated_gradients import difference, error_of
from runsieve.networks.building import load_network
from runsieve.networks.explained import TOLERANCE, Explained, Values, explained
from runsieve.networks.feature_maps import feature_maps
from runsieve.networks.methods import METHODS
from runsieve.networks.randomisation import randomisation_table

CHECKED = 8  # events of each class that weights are drawn anew for


@dataclass(frozen=True)
class Explanation:
    """Attributions of some events.

    titles: of the methods, for figures
    attributions: by method and input, (events, *shape) of the raw values
    obstacles: why a method has nothing to say of an input, by method and input
    errors: by method that should be complete, how far each event is from it, see `error_of`
    randomisation: see `randomisation_table`
    maps: see `feature_maps`, of the events `shown` alone
    of_logits: see `Explained`
    """

    titles: Mapping[str, str]
    attributions: Mapping[str, Values]
    obstacles: Mapping[str, Mapping[str, str]]
    errors: Mapping[str, np.ndarray]
    randomisation: pd.DataFrame
    maps: Mapping[str, Mapping[str, np.ndarray]]
    of_logits: bool = True

    def completeness(self) -> dict[str, dict[str, float]]:
        """By method that should be complete: tolerance, largest error, fraction within."""
        return {
            method: {
                "tolerance": TOLERANCE,
                "largest_error": float(errors.max()),
                "fraction_within": float((errors <= TOLERANCE).mean()),
            }
            for method, errors in self.errors.items()
        }


def explain(
    network: Explained,
    raw: Mapping[str, np.ndarray],
    labels: np.ndarray,
    shown: Sequence[int],
) -> Explanation:
    """Explain the decisions of a network on some events.

    raw: by input, (events, *shape); labels: of the classes whose log odds are attributed, those of
    the events; shown: places of events whose feature maps are kept
    """
    values = network.scaled(raw)
    obstacles = {
        method: {
            name: reason
            for name in values
            if (reason := module.obstacle(network, name)) is not None
        }
        for method, module in METHODS.items()
    }
    usable = [method for method in METHODS if len(obstacles[method]) < len(values)]
    attributions = {}
    for method in usable:
        attributions[method] = METHODS[method].attribute(network, values, labels)
        kept = [name for name in values if name not in obstacles[method]]
        attributions[method] = {name: attributions[method][name] for name in kept}
        print(f"{METHODS[method].TITLE}: {len(labels)} events")
    wanted = difference(network, values, labels)
    complete = [method for method in usable if METHODS[method].COMPLETE]
    few = checked(labels)
    some = {name: one[few] for name, one in values.items()}
    trained = {
        method: {name: one[few] for name, one in found.items()}
        for method, found in attributions.items()
    }
    return Explanation(
        {method: module.TITLE for method, module in METHODS.items()},
        attributions,
        {method: reasons for method, reasons in obstacles.items() if reasons},
        {method: error_of(attributions[method], wanted) for method in complete},
        randomisation_table(network, some, labels[few], trained),
        feature_maps(network, {name: one[list(shown)] for name, one in values.items()}),
        network.of_logits,
    )


def checked(labels: np.ndarray) -> np.ndarray:
    """Places of the first events of each class, for what takes many networks."""
    return np.sort(
        np.concatenate([np.flatnonzero(labels == one)[:CHECKED] for one in np.unique(labels)])
    )


def explain_file(
    path: str | Path,
    user_files: Sequence[str],
    inputs: Mapping[str, Input],
    raw: Mapping[str, np.ndarray],
    events: pd.DataFrame,
) -> Explanation:
    """Explain what the network of a file says of some events.

    inputs: their settings; raw: by input, (events, *shape); events: with the columns label and
    kind, which is empty for those that are not shown
    """
    columns = [name for name, one in inputs.items() if one.columns]
    network = explained(load_network(path, user_files), columns)
    shown = np.flatnonzero(events["kind"] != "")
    return explain(network, raw, events["label"].to_numpy(), shown)
