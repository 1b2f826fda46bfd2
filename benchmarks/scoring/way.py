"""One way of going through a run: only decompressing it, only predicting, or scoring it."""

import json
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd
import uproot
import yaml

from runsieve.computing import limited
from runsieve.config.inputs import Input
from runsieve.config.sample import Sample
from runsieve.config.working_point import WorkingPoint
from runsieve.evaluation.working_points import Decision
from runsieve.scoring.asked import InputToRead, RunToScore
from runsieve.scoring.branches import Branches
from runsieve.scoring.drawn import Drawn
from runsieve.scoring.scoring import Models, score_run

CRYSTAL, RUN, SAMPLES = 3, 1858, 8160
WAVEFORM = f"crystal{CRYSTAL}_waveform"
COLUMNS = {"event": "event", "run": "run", "energy": f"crystal{CRYSTAL}_energy"}


def network(name: str) -> "keras.Model":  # noqa: F821
    """The dense network of cosine at one scale, with initial weights."""
    from runsieve.networks.building import Seen, build
    from runsieve.networks.registry import validated

    analysis = yaml.safe_load(Path("config/analyses/cosine.yaml").read_text())
    settings = analysis["models"]["dnn"]
    if name == "demo":
        settings["dense"] = analysis["demo"]["models"]["dnn"]["dense"]
    seen = Seen({"waveform": [SAMPLES]}, {"waveform": "uint16"}, ["signal", "background"])
    return build(validated(settings), seen)


def decompression(raw: Path) -> float:
    """Seconds for all baskets of the waveform, one after the other, in one thread."""
    with uproot.open(raw) as file:
        branch = file["event"][WAVEFORM]
        start = time.perf_counter()
        for number in range(branch.num_baskets):
            _ = branch.basket(number).data
        return time.perf_counter() - start


def prediction(raw: Path, name: str) -> float:
    """Seconds to predict as many events as the run has, from a few that are in memory."""
    from runsieve.networks.prediction import predict

    with uproot.open(raw) as file:
        entries = file["event"].num_entries
    few = np.random.default_rng(1).integers(190, 210, (2048, SAMPLES)).astype(np.uint16)
    rows = np.arange(entries) % len(few)
    model = network(name)
    predict(model, {"waveform": few}, rows[:1])  # compiles
    start = time.perf_counter()
    predict(model, {"waveform": few}, rows)
    return time.perf_counter() - start


def scoring(raw: Path, name: str) -> float:
    """Seconds to score all hits of a run, without imports and compilation."""
    from runsieve.networks.prediction import NetworkScorer, predict

    settings = Input(branches=["crystal{channel}_waveform"], shape=[SAMPLES])
    waveform = InputToRead(settings, [str(raw)], "event", {}, COLUMNS)
    asked = RunToScore(
        RUN, [str(raw)], "event", None, {}, COLUMNS, ["energy"], {}, "energy > 0", [CRYSTAL],
        "all", {"waveform": waveform},
    )  # fmt: skip
    model = network(name)
    predict(model, {"waveform": np.zeros((1, SAMPLES), np.uint16)}, np.zeros(1, int))
    columns = ["run", "entry", "event", "channel", "split"]
    drawn = Drawn.of(pd.DataFrame(columns=columns), RUN, Sample())
    point = Decision("half", WorkingPoint(score=0.5), (0.5,))
    branches = Branches({CRYSTAL: ""}, ["signal", "background"], [point], ["energy"])
    with tempfile.TemporaryDirectory(dir=raw.parent) as folder:
        files = Path(folder) / "scores.root", Path(folder) / "scores.parquet"
        start = time.perf_counter()
        score_run(asked, Models([NetworkScorer(model)], drawn), branches, {}, *files)
        return time.perf_counter() - start


def main(way: str, name: str, raw: Path) -> None:
    with limited(1):
        if way == "decompression":
            seconds = decompression(raw)
        else:
            seconds = {"prediction": prediction, "scoring": scoring}[way](raw, name)
    print(json.dumps({"seconds": seconds}))


main(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
