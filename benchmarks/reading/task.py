"""What all ways of reading have to do: select background of a crystal, and take 1 % of it."""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

TREE, CRYSTAL, RUN = "event", 3, 1858
COLUMNS = {
    "event": "event",
    "energy": f"crystal{CRYSTAL}_energy",
    "clusters": f"crystal{CRYSTAL}_clusters",
    "trigger_edge": f"crystal{CRYSTAL}_trigger_edge",
    "ls_energy": "ls_energy",
    "muon_time": "muon_time",
    "hits": "hits",
}
WAVEFORM, SAMPLES = f"crystal{CRYSTAL}_waveform", 8160
STEPS = {
    "energy": "energy > 0 && energy < 10",
    "muon veto": "muon_time > 30",
    "trigger edge": "trigger_edge > 2000",
    "clusters": "clusters >= 2",
    "no coincidence": "!(ls_energy > 20 || hits > 1)",
}
STRIDE = 100  # every hundredth of the selected events is drawn
THREADS = 2


def timed(work: Callable[[Path, Path], None]) -> None:
    """Run `work(raw, output)` on the paths of the command line; print its seconds, less imports."""
    raw, output = map(Path, sys.argv[1:3])
    start = time.perf_counter()
    work(raw, output)
    print(json.dumps({"seconds": time.perf_counter() - start}))
