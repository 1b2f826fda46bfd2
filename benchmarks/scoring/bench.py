"""Measure scoring of a whole run against its two parts alone: decompression and prediction.

python benchmarks/scoring/bench.py [ENTRIES ...]  (default: 10000 100000)
"""

import sys
import tempfile
from pathlib import Path

import pandas as pd

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from processes import measured

WRITER = HERE.parent / "reading/raw_run.py"
BASKET = 400  # entries
TURNS = 3
WAYS = ("decompression", "prediction", "scoring")
NETWORKS = ("demo", "printed")


def main() -> None:
    sizes = [int(size) for size in sys.argv[1:]] or [10_000, 100_000]
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for entries in sizes:
            raw = Path(folder) / f"run{entries}.root"
            measured(WRITER, raw, entries, BASKET)
            for network in NETWORKS:
                # In turns, because the speed of a machine changes in minutes.
                turns = [
                    {way: measured(HERE / "way.py", way, network, raw) for way in WAYS}
                    for _ in range(TURNS)
                ]
                fastest = {way: min(turn[way]["seconds"] for turn in turns) for way in WAYS}
                slower = max(fastest["decompression"], fastest["prediction"])
                rows.append(
                    {"entries": entries, "network": network}
                    | {way: fastest[way] for way in WAYS}
                    | {"of_slower_part": slower / fastest["scoring"]}
                    | {"memory": max(turn["scoring"]["memory"] for turn in turns)}
                )
                print(pd.DataFrame(rows).round(3).to_string(index=False), flush=True)
    pd.DataFrame(rows).round(4).to_csv(HERE / "figures.csv", index=False)


if __name__ == "__main__":
    main()
