"""Measure reading: runsieve, the obvious script, RDataFrame and the limit, on the same runs.

python benchmarks/reading/bench.py [ENTRIES ...]  (default: 10000 100000)
"""

import importlib.util
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from processes import measured

BASKET = 400  # entries; what ROOT 6.40 gives to such a waveform after its first 30 MB
TURNS = 3
OBVIOUS_MOST = 100_000  # entries; more do not fit into the memory of a workstation


def compare(layout: str, raw: Path, entries: int, root: bool) -> list[dict]:
    """One row for each way of reading a run; all must give the same waveforms.

    The ways take turns, because the speed of a machine changes in minutes; the fastest turn counts.
    """
    ways = ["late", "limit"]
    ways += ["obvious"] if entries <= OBVIOUS_MOST else []
    ways += ["dataframe"] if root else []
    outputs = {way: raw.with_name(f"{way}.npy") for way in ways}
    outputs["limit"] = outputs["late"]
    turns = [
        {way: measured(HERE / f"{way}.py", raw, outputs[way]) for way in ways} for _ in range(TURNS)
    ]
    best = {way: min((turn[way] for turn in turns), key=lambda r: r["seconds"]) for way in ways}
    expected = np.load(outputs["late"])
    for way in ways:
        assert np.array_equal(np.load(outputs[way]), expected), f"{way} gives other waveforms"
    common = {"layout": layout, "entries": entries, "drawn": len(expected)}
    late = best["late"]["seconds"]
    return [
        common | {"way": way, **best[way], "ratio": best[way]["seconds"] / late} for way in ways
    ]


def main() -> None:
    sizes = [int(size) for size in sys.argv[1:]] or [10_000, 100_000]
    root = importlib.util.find_spec("ROOT") is not None
    print("RDataFrame is measured" if root else "RDataFrame is left out: no package ROOT")
    rows = []
    with tempfile.TemporaryDirectory(prefix="runsieve-bench-") as folder:
        for entries in sizes:
            raw = Path(folder) / "uproot.root"
            measured(HERE / "raw_run.py", raw, entries, BASKET)
            rows += compare("uproot", raw, entries, root)
            if root:
                copy = Path(folder) / "root.root"
                subprocess.run([sys.executable, str(HERE / "root_copy.py"), raw, copy], check=True)
                rows += compare("ROOT", copy, entries, root)
            print(pd.DataFrame(rows).round(3).to_string(index=False), flush=True)
    pd.DataFrame(rows).round(4).to_csv(HERE / "figures.csv", index=False)


if __name__ == "__main__":
    main()
