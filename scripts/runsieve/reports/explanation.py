"""The files of an explanation: arrays, tables and what is said about them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from runsieve.config.explain import Explain
from runsieve.config.inputs import Input
from runsieve.evaluation.attention import attention
from runsieve.evaluation.attribution_table import attribution_table
from runsieve.evaluation.explained_events import means_of
from runsieve.files import written
from runsieve.networks.methods import UPPER_HALF
from runsieve.samples.pulses import pulses
from runsieve.tables import rounded, write_csv, write_json

if TYPE_CHECKING:
    from runsieve.networks.explanation import Explanation

COMPLETE = "integrated_gradients"  # the method of the table: it is complete
UNCHANGED = 0.5  # rank correlation with maps of new weights, above which a method is not faithful
EVENT = ["run", "event", "channel", "class", "kind"]


@dataclass(frozen=True)
class ExplanationReport:
    """What is written of an explanation.

    arrays: `values/INPUT` and `METHOD/INPUT` of shown events in their units and in log odds,
    `mean/METHOD/INPUT` of each class, `maps/INPUT/LAYER` of shown events; table: see
    `attribution_table`; facts: checks, findings and shown events; randomisation: see
    `randomisation_table`
    """

    arrays: dict[str, np.ndarray]
    table: pd.DataFrame
    facts: dict[str, Any]
    randomisation: pd.DataFrame

    def write(self, arrays: str, table: str, randomisation: str, facts: str) -> None:
        """Write everything to these files; the same arrays give the same bytes."""
        with written(arrays) as place:
            np.savez_compressed(
                place, **{name: one.astype(np.float32) for name, one in self.arrays.items()}
            )
        write_csv(self.table, table)
        write_csv(self.randomisation, randomisation)
        write_json(self.facts, facts)


def read_facts(path: str | Path) -> dict[str, Any]:
    """The facts of a report from their file."""
    return json.loads(Path(path).read_text(encoding="utf-8"))


def explanation_report(
    found: "Explanation",
    events: pd.DataFrame,
    raw: Mapping[str, np.ndarray],
    classes: Sequence[str],
    inputs: Mapping[str, Input],
    settings: Explain,
) -> "ExplanationReport":
    """What is written of an explanation of events, see `events_to_explain`."""
    labels, averaged = events["label"].to_numpy(), events["averaged"].to_numpy()
    shown = (events["kind"] != "").to_numpy()
    values = {name: _in_unit(raw[name], one) for name, one in inputs.items()}
    arrays = {f"values/{name}": one[shown] for name, one in values.items()}
    means = {}
    for method, attributions in found.attributions.items():
        kept = {name: one[averaged] for name, one in values.items() if name in attributions}
        some = {name: one[averaged] for name, one in attributions.items()}
        means[method] = means_of(kept, some, labels[averaged], len(classes))
        for name, one in attributions.items():
            arrays[f"{method}/{name}"] = one[shown]
            arrays[f"mean/{method}/{name}"] = means[method][name].signed
    for name, layers in found.maps.items():
        arrays |= {f"maps/{name}/{layer}": maps for layer, maps in layers.items()}
    table = attribution_table(means[COMPLETE], classes, inputs)
    counts = {name: int((labels[averaged] == place).sum()) for place, name in enumerate(classes)}
    facts = {
        "attributed": "log odds of the class of each event, "
        + ("from the logits" if found.of_logits else "from the probabilities")
        + " before any calibration",
        "methods": dict(found.titles),
        "events": counts,
        "completeness": found.completeness(),
        "obstacles": found.obstacles,
        "faithfulness": faithfulness(found.randomisation),
        **attention(table, inputs, settings, counts),
        "shown": events.loc[shown, EVENT].to_dict("records"),
    }
    facts["findings"] += _incomplete(facts["completeness"])
    return ExplanationReport(arrays, rounded(table, 6, ["time"]), facts, found.randomisation)


def faithfulness(randomisation: pd.DataFrame) -> dict[str, dict[str, Any]]:
    """By method, how its maps correlate with those of new weights, and what that means.

    correlation: the largest of its inputs, with new weights in the upper half of the layers: a
    method that explains the network cannot give the same maps for it. faithful: False where it
    is above the limit by more than its standard error, None where no correlation is defined
    """
    found = {}
    for method, mine in randomisation.groupby("method", sort=False):
        upper = mine["layers"] == UPPER_HALF  # none where there is a single layer
        rows = mine[(upper if upper.any() else True) & mine["correlation"].notna()]
        if not len(rows):
            found[method] = {"correlation": None, "faithful": None, "says": "too few values"}
            continue
        row = rows.loc[rows["correlation"].idxmax()]
        faithful = bool(row["correlation"] - row["error"] <= UNCHANGED)
        says = (
            "its maps change with the weights"
            if faithful
            else "not faithful: its maps hardly change when the upper half of the layers has new "
            "weights, so they show the input rather than what was learned"
        )
        value = float(row["correlation"])
        found[method] = {"correlation": value, "faithful": faithful, "says": says}
    return found


def _in_unit(raw: np.ndarray, one: Input) -> np.ndarray:
    """Values without their baseline, in their unit, (events, *shape)."""
    found = pulses(np.asarray(raw, float), one.pulse).reshape(raw.shape)
    return found * one.axes.unit_per_count


def _incomplete(completeness: Mapping[str, Mapping[str, float]]) -> list[str]:
    return [
        f"{method}: the attributions of {100 * (1 - one['fraction_within']):.0f} % of the events "
        f"do not add up to the change of their log odds within {100 * one['tolerance']:g} %."
        for method, one in completeness.items()
        if one["fraction_within"] < 1
    ]
