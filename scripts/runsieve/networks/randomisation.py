"""Whether attributions depend on what a network has learned, or on its layers and inputs alone.

Adebayo et al., 'Sanity checks for saliency maps', NeurIPS 2018 (arXiv 1810.03292): the weights are
drawn anew, from the last layer downwards. Attributions that explain the network change.
"""

from collections.abc import Iterator
from dataclasses import replace

import keras
import numpy as np
import pandas as pd
from scipy.stats import rankdata

from runsieve.networks.explained import Explained, Values, copy_weights
from runsieve.networks.methods import METHODS, UPPER_HALF

DRAWS = 5  # networks with new weights, over which correlations are averaged
ROUGH = 0.1  # tolerance of attributions that are only ranked
FEW = 10  # values; the ranks of fewer say nothing


def randomised(explained: Explained, draw: int) -> Iterator[tuple[str, int, Explained]]:
    """Networks with new weights, which `draw` determines: in which layers, and in how many.

    In the last layer; in the upper half; in all but the first; in all. Of several towers, the first
    layer is the first of all.
    """
    keras.utils.set_random_seed(draw)
    new = explained.with_layers(lambda layer: layer, trained=False)
    order = [layer.name for layer in reversed(explained.model.layers) if layer.weights]
    count = len(order)
    stages = {
        1: "the last",
        count - 1: "all but the first",
        max(1, count // 2): UPPER_HALF,
        count: "all",
    }
    for number in sorted(set(stages) - {0}):
        mixed = explained.with_layers(lambda layer: layer)
        copy_weights(new.model, mixed.model, order[:number])
        yield stages[number], number, replace(mixed, tolerance=ROUGH)


def randomisation_table(
    explained: Explained, values: Values, labels: np.ndarray, attributions: dict[str, Values]
) -> pd.DataFrame:
    """How attributions of the trained network and of such with new weights correlate.

    attributions: of the trained network, by method and input. Columns: method, input, layers,
    number (of layers with new weights), correlation (Spearman's, of the values of an event, mean
    over events and draws), error (standard error over draws), absolute (correlation of the
    absolute values). NaN for an input of few values, and where all attributions are equal.
    """
    found = []
    for draw in range(1, DRAWS + 1):
        for layers, number, network in randomised(explained, draw):
            for method, trained in attributions.items():
                others = METHODS[method].attribute(network, values, labels)
                for name, one in trained.items():
                    key = {"method": method, "input": name, "layers": layers, "number": number}
                    of_signed = correlation(one, others[name])
                    of_absolute = correlation(np.abs(one), np.abs(others[name]))
                    found.append({**key, "correlation": of_signed, "absolute": of_absolute})
    keys = ["method", "input", "layers", "number"]
    groups = pd.DataFrame(found).groupby(keys, sort=False)
    table = groups.agg(
        correlation=("correlation", "mean"),
        error=("correlation", "sem"),
        absolute=("absolute", "mean"),
    )
    return table.reset_index().sort_values(["input", "method", "number"], ignore_index=True)


def correlation(one: np.ndarray, other: np.ndarray) -> float:
    """Mean over events of Spearman's rank correlation of their values, (events, *shape)."""
    one, other = (values.reshape(len(values), -1) for values in (one, other))
    if one.shape[1] < FEW:
        return np.nan
    ranks = [rankdata(values, axis=1) for values in (one, other)]
    centred = [values - values.mean(axis=1, keepdims=True) for values in ranks]
    norms = [np.sqrt((values**2).sum(axis=1)) for values in centred]
    defined = (norms[0] > 0) & (norms[1] > 0)
    if not defined.any():
        return np.nan
    products = (centred[0] * centred[1]).sum(axis=1)[defined]
    return float((products / (norms[0] * norms[1])[defined]).mean())
