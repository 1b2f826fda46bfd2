"""Measure training: Keras as the workflow uses it, PyTorch, and the peak of the machine.

python benchmarks/training/bench.py [PYTHON]  (a Python that has torch; default: this one)
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pandas as pd

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[1] / "scripts"))

from networks import flops

TURNS, THREADS = 3, 2


def measure(script: str, *arguments: str, python: str = sys.executable) -> dict[str, float] | None:
    """What a script prints last; None if it can't run."""
    environment = os.environ | {"PYTHONPATH": str(HERE.parents[1] / "scripts")}
    command = [python, str(HERE / script), *arguments, str(THREADS)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    if done.returncode:
        print(f"{script} {' '.join(arguments)}: {done.stderr.strip().splitlines()[-1]}")
        return None
    return json.loads(done.stdout.splitlines()[-1])


def fastest(name: str, turns: list[dict[str, float] | None]) -> float | None:
    """The largest figure of all turns."""
    found = [turn[name] for turn in turns if turn is not None]
    return max(found, default=None)


def main() -> None:
    other = sys.argv[1] if len(sys.argv) > 1 else sys.executable
    rows = []
    for precision in ("float32", "mixed_bfloat16"):
        pythons = {"keras": sys.executable, "torch": other}
        peaks = [
            measure("peak.py", framework, precision, python=python)
            for _ in range(TURNS)
            for framework, python in pythons.items()
        ]
        for network in ("cosine", "gbar"):
            turns = {framework: [] for framework in pythons}
            for _ in range(TURNS):  # in turns, because the speed of a machine changes in minutes
                for framework, python in pythons.items():
                    script = f"{framework}_epoch.py"
                    turns[framework].append(measure(script, network, precision, python=python))
            row = {"network": network, "precision": precision, "peak": fastest("gflops", peaks)}
            for framework in pythons:
                speed = fastest("events_a_second", turns[framework])
                row[framework] = speed
                if speed is not None:
                    row[f"{framework}_of_peak"] = speed * flops(network) / 1e9 / row["peak"]
            if None not in (row["keras"], row["torch"]):
                row["ratio"] = row["keras"] / row["torch"]
            rows.append(row)
            print(pd.DataFrame(rows).round(3).to_string(index=False), flush=True)
    pd.DataFrame(rows).round(4).to_csv(HERE / "figures.csv", index=False)


if __name__ == "__main__":
    main()
