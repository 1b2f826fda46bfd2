"""Measure scoring of a whole run against its two parts alone: decompression and prediction.

python benchmarks/scoring/bench.py [ENTRIES ...]  (default: 10000 100000)
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pandas as pd

HERE = Path(__file__).parent
WRITER = HERE.parent / "reading/raw_run.py"
BASKET = 400  # entries
TURNS = 3
WAYS = ("decompression", "prediction", "scoring")
NETWORKS = ("demo", "printed")


def run(script: Path, *arguments: object) -> dict[str, float]:
    """What a script prints last, in a process of its own, and the peak of its memory in MB."""
    command = [sys.executable, "-W", "ignore", str(script), *map(str, arguments)]
    environment = os.environ | {"PYTHONPATH": str(HERE.parents[1] / "scripts")}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, env=environment, text=True)
    printed = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{script.name} ended with exit code {process.returncode}")
    found = json.loads(printed.splitlines()[-1]) if printed else {}
    return found | {"memory": usage.ru_maxrss / 1e3}


def main() -> None:
    sizes = [int(size) for size in sys.argv[1:]] or [10_000, 100_000]
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for entries in sizes:
            raw = Path(folder) / f"run{entries}.root"
            run(WRITER, raw, entries, BASKET)
            for network in NETWORKS:
                # In turns, because the speed of a machine changes in minutes.
                turns = [
                    {way: run(HERE / "way.py", way, network, raw) for way in WAYS}
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
