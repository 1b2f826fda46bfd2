"""A campaign of many small runs: what starting jobs costs, memory, and what ten more runs cost.

Usage: python benchmarks/campaign/campaign.py FOLDER RUNS RUNS_PER_JOB [--more NUMBER]
"""

import argparse
import json
import re
import resource
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import numpy as np
import uproot
import yaml

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tests"))

from helpers.checkout import copy_checkout

EVENTS, SAMPLES = 100, 256
EDGES = {"start": 0, "stop": 10, "step": 1}
ANALYSIS = {
    "title": "A campaign",
    "description": "Many small runs.",
    "tree": "events",
    "channels": [1, 2],
    "columns": {"event": "number", "energy": "energy{channel}", "warm": "sheet.temperature > 20"},
    "keep": ["energy"],
    "selection": {"precut": {"energy": "energy > 1"}},
    "classes": {"signal": {"kinds": ["calibration"]}, "background": {"kinds": ["physics"]}},
    "inputs": {"wave": {"branches": ["wave{channel}"], "shape": [SAMPLES]}},
    "samples": {"all": {"limit": 2000}, "first": {"channels": [1], "limit": 1000}},
    "models": {
        "small": {
            "type": "network",
            "towers": {"wave": {"scaling": {"scale": 100}}},
            "dense": {"units": [16]},
            "training": {"epochs": 2},
        },
        "bins": {"type": "binned", "column": "energy", "edges": EDGES},
    },
    "baseline": "bins",
    "report": {"edges": EDGES, "bootstrap": 100},
}


def write_run(folder: Path, run: int) -> None:
    """A run of two channels; the pulses of calibration runs decay more slowly."""
    generator = np.random.default_rng(run)
    decay = 60 if run % 4 == 0 else 30
    content = {"number": np.arange(EVENTS)}
    for channel in (1, 2):
        energy = generator.uniform(0, 10, EVENTS).astype(np.float32)
        pulse = np.exp(-np.arange(SAMPLES) / decay) * energy[:, None] * 50
        noise = generator.normal(200, 5, (EVENTS, SAMPLES))
        content |= {f"energy{channel}": energy, f"wave{channel}": (pulse + noise).astype(np.int16)}
    with uproot.recreate(folder / f"run{run}_0.root") as file:
        file.mktree("events", content)


def prepare(folder: Path, runs: range, per_job: int) -> None:
    """A checkout with the analysis `campaign`, and its runs."""
    copy_checkout(folder)
    (folder / "raw").mkdir()
    for run in runs:
        write_run(folder / "raw", run)
    analysis = {**ANALYSIS, "runs_per_job": per_job}
    (folder / "config/analyses/campaign.yaml").write_text(yaml.safe_dump(analysis))
    (folder / "config/config.yaml").write_text("analyses: [campaign]\nscale: full\n")


def write_sheet(folder: Path, runs: range) -> None:
    """Every fourth run is a calibration; the physics runs in between are found by pattern."""
    lines = ["run\tkind\tfiles\ttemperature"]
    physics = f"{folder}/raw/run{{run}}_*.root"
    for run in runs:
        kind = "physics" if run % 4 else "calibration"
        lines.append(f"{run}\t{kind}\t{physics}\t21.5")
    (folder / "config/runs/campaign.tsv").write_text("\n".join(lines) + "\n")


def snakemake(folder: Path, *arguments: str) -> tuple[float, float, str]:
    """Elapsed and processor time of a start, and what it said."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.monotonic()
    command = [sys.executable, "-m", "snakemake", "--cores", "2", *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    elapsed = time.monotonic() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        raise SystemExit(done.stdout[-2000:] + done.stderr[-2000:])
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return elapsed, used, done.stdout + done.stderr


def jobs(said: str) -> Counter:
    """Number of jobs by rule that Snakemake announces."""
    found = re.search(r"Job stats:\n.*?\n-+ .*?\n(.*?)total", said, re.DOTALL)
    rows = (line.split() for line in found[1].splitlines()) if found else ()
    return Counter({name: int(number) for name, number in rows if name != "all"})


def selecting(folder: Path) -> dict[str, float]:
    """Seconds of all `select_events` jobs: in all, and after their imports."""
    whole = [json.loads(path.read_text()) for path in folder.glob("benchmarks/*/events/*.jsonl")]
    logs = [path.read_text() for path in folder.glob("logs/*/events/*.log")]
    work = [float(re.search(r"finished after ([\d.]+) s", text)[1]) for text in logs]
    return {
        "jobs": len(whole),
        "seconds": round(sum(one["s"] for one in whole), 1),
        "seconds_of_work": round(sum(work), 1),
        "cpu_seconds": round(sum(one["cpu_time"] or 0 for one in whole), 1),
    }


def memory(folder: Path) -> dict[str, float]:
    """Largest resident memory of a job in MB, by rule."""
    found: dict[str, float] = {}
    for path in folder.glob("benchmarks/**/*.jsonl"):
        one = json.loads(path.read_text().splitlines()[-1])
        if isinstance(one["max_rss"], float):
            name = one["rule_name"]
            found[name] = max(found.get(name, 0.0), round(one["max_rss"], 1))
    return dict(sorted(found.items()))


def main() -> None:
    """Run a campaign, then again with more runs, and print what was measured as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("runs", type=int)
    parser.add_argument("per_job", type=int)
    parser.add_argument("--more", type=int, default=10)
    given = parser.parse_args()
    folder = given.folder.resolve()
    folder.parent.mkdir(parents=True, exist_ok=True)
    first, more = range(1000, 1000 + given.runs), range(1000, 1000 + given.runs + given.more)
    prepare(folder, first, given.per_job)
    write_sheet(folder, first)
    found = {"runs": given.runs, "runs_per_job": given.per_job}
    _, found["cpu_seconds_of_dry_run"], _ = snakemake(folder, "-n", "--quiet")
    found["seconds"], found["cpu_seconds"], said = snakemake(folder)
    found["jobs"] = sum(jobs(said).values())
    found["select_events"] = selecting(folder)
    found["memory_mb"] = memory(folder)
    found["page_mb"] = round((folder / "results/index.html").stat().st_size / 1e6, 2)
    for run in more[len(first) :]:
        write_run(folder / "raw", run)
    write_sheet(folder, more)
    _, _, said = snakemake(folder, "-n")
    found["announced_for_more"] = dict(jobs(said))
    elapsed, used, said = snakemake(folder)
    found |= {"seconds_of_more": elapsed, "cpu_seconds_of_more": used}
    found["jobs_of_more"] = dict(jobs(said))
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
