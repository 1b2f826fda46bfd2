"""Processor time of `snakemake -n` by number of runs: plain paths, and one pattern per run.

    python benchmarks/planning/bench.py [RUNS ...]

The analysis has 8 channels and 8 samples; the files are empty, because a dry run reads none. Both
ways are measured in turns. Also measured: `snakemake --version`, and `-n` of the default analysis.
"""

import csv
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))

from helpers.checkout import copy_checkout

RUNS = (100, 500, 2000)
CHANNELS = SAMPLES = 8
TURNS = 2
ANALYSIS = {
    "title": "A campaign",
    "channels": list(range(CHANNELS)),
    "columns": {"event": "event", "energy": "energy{channel}"},
    "keep": ["energy"],
    "selection": {"precut": {"energy": "energy > 0"}},
    "classes": {"signal": {"kinds": ["calibration"]}, "background": {"kinds": ["physics"]}},
    "inputs": {"waveform": {"branches": ["w{channel}"], "shape": [100]}},
    "samples": {f"crystal{number}": {"channels": [number]} for number in range(SAMPLES)},
    "models": {"trees": {"type": "gradient_boosting", "inputs": ["waveform"]}},
    "report": {"variable": "energy", "edges": {"start": 0, "stop": 10, "step": 2}},
}


def main(runs: list[int]) -> None:
    """Measure, print and write figures.csv."""
    table = []
    with tempfile.TemporaryDirectory() as folder:
        start = seconds(["--version"], ROOT)
        default = seconds(["-n"], copy_checkout(Path(folder) / "default").folder)
        table += [("--version", "", start), ("-n, default analysis", "", default)]
        for count in runs:
            for way in ("plain", "pattern"):
                campaign(Path(folder) / f"{way}{count}", count, way)
            times = {"plain": [], "pattern": []}
            for _ in range(TURNS):
                for way, found in times.items():
                    found.append(seconds(["-n"], Path(folder) / f"{way}{count}", turns=1))
            table += [(f"-n, {way}", count, min(found)) for way, found in times.items()]
    with Path(__file__).with_name("figures.csv").open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["command", "runs", "processor_seconds"])
        for name, count, found in table:
            print(f"{name:22} {count!s:>5} {found:8.2f} s", flush=True)
            writer.writerow([name, count, f"{found:.2f}"])


def campaign(folder: Path, runs: int, way: str) -> None:
    """A checkout with an analysis of many runs."""
    copy_checkout(folder)
    raw = folder / "raw"
    raw.mkdir()
    lines = ["run\tkind\tfiles"]
    for run in range(1000, 1000 + runs):
        (raw / f"daq_{run}_0.root").touch()
        name = f"raw/daq_{run}_{'0' if way == 'plain' else '*'}.root"
        lines.append(f"{run}\t{'physics' if run % 2 else 'calibration'}\t{name}")
    (folder / "config/runs/campaign.tsv").write_text("\n".join(lines) + "\n")
    text = yaml.safe_dump(ANALYSIS, sort_keys=False)
    (folder / "config/analyses/campaign.yaml").write_text(text)
    (folder / "config/config.yaml").write_text("analyses: [campaign]\nscale: full\n")


def seconds(arguments: list[str], folder: Path, turns: int = TURNS) -> float:
    """Processor time of Snakemake, the lowest of some turns."""
    return min(_seconds(arguments, folder) for _ in range(turns))


def _seconds(arguments: list[str], folder: Path) -> float:
    before = os.times()
    subprocess.run(
        [sys.executable, "-m", "snakemake", *arguments],
        cwd=folder,
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    after = os.times()
    return sum(after[2:4]) - sum(before[2:4])


if __name__ == "__main__":
    main([int(word) for word in sys.argv[1:]] or list(RUNS))
