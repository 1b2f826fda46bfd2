"""Searches with an objective that is computed at once, and workers in processes of their own."""

import math
import subprocess
import sys
from pathlib import Path
from typing import Any

from helpers.checkout import ROOT
from runsieve.config.search import Search
from runsieve.errors import RunsieveError

EPOCHS = 5


def search_of(**changes: Any) -> Search:
    """A search over a rate, of which 0.01 is the best, and the units of up to three layers."""
    return Search.model_validate(
        {
            "model": "small",
            "sample": "all",
            "ranges": {
                "training.learning_rate": {"low": 0.001, "high": 0.1, "log": True},
                "dense.units": {"layers": [1, 3], "low": 4, "high": 64, "log": True},
                "dense.normalisation": [None, {"type": "batch"}],
            },
            "trials": 12,
            **changes,
        }
    )


def pretended(values: dict, course: Any) -> float:
    """A validation AUC that the rate decides, in the time that its formula takes."""
    rate, units = values["training.learning_rate"], values["dense.units"]
    course.weigh(sum(units))
    value = 0.9 - 0.1 * math.log10(rate / 0.01) ** 2
    for epoch in range(1, EPOCHS + 1):
        course.report(value - 0.1 / epoch)
    return value


def failing(values: dict, course: Any) -> float:
    """Fails for more than one layer."""
    if len(values["dense.units"]) > 1:
        raise RunsieveError("network: too deep")
    return pretended(values, course)


# A worker that takes a while for each trial, and says when it has begun one.
SLOW = """
import sys, time
from pathlib import Path
from helpers.searches import pretended, search_of
from runsieve.tuning.worker import work

def slow(values, course):
    print("begun", flush=True)
    time.sleep(float(sys.argv[4]))
    return pretended(values, course)

work(Path(sys.argv[1]), search_of(trials=int(sys.argv[3]), workers=2), int(sys.argv[2]), slow)
"""


def slow_worker(journal: Path, worker: int, trials: int, seconds: float) -> subprocess.Popen:
    """A worker in a process of its own."""
    arguments = [str(journal), str(worker), str(trials), str(seconds)]
    return subprocess.Popen(
        [sys.executable, "-c", SLOW, *arguments],
        env={"PYTHONPATH": f"{ROOT}/scripts:{ROOT}/tests"},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
