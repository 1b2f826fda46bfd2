"""Write a raw run to measure on: background triggers of one crystal, their noise simulated."""

import sys
from pathlib import Path

import numpy as np
import uproot
import yaml

from runsieve.simulate.crystals.light import LightModel
from runsieve.simulate.crystals.parameters import Parameters
from runsieve.simulate.crystals.run import crystal_columns, event_branches, trigger_columns
from runsieve.simulate.crystals.triggers import draw_triggers

CRYSTAL, RUN = 3, 1858
DIFFERENT = 2048  # waveforms; a longer run repeats them, in another order, with new energies


def write(path: Path, entries: int, basket: int) -> None:
    """A run of `entries` triggers with `basket` of them compressed together."""
    settings = yaml.safe_load(Path("config/analyses/cosine.yaml").read_text())
    parameters = Parameters.model_validate(settings["simulate"]["parameters"])
    rng = np.random.default_rng(1)
    options = {"run": RUN, "kind": "physics", "channels": [CRYSTAL], "parameters": parameters}
    triggers, hits = draw_triggers(rng, DIFFERENT, **options)
    model = LightModel.of(parameters)
    columns, _ = crystal_columns(rng, triggers, hits, [CRYSTAL], parameters, model)
    columns |= trigger_columns(triggers)
    with uproot.recreate(path, compression=uproot.LZ4(1)) as file:
        tree = file.mktree("event", event_branches([CRYSTAL]))
        for start in range(0, entries, basket):
            count = min(basket, entries - start)
            drawn = rng.integers(DIFFERENT, size=count)
            part = {name: values[drawn] for name, values in columns.items()}
            number = np.arange(start, start + count)
            part["run"] = np.full(count, RUN, np.int32)
            part["event"] = number.astype(np.uint64)
            part["time"] = number / 15.0
            tree.extend(part)


if __name__ == "__main__":
    write(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
