"""The same scores give the same report, byte for byte, whatever the locale and hash seed."""

import json
import os
import subprocess
import sys
from pathlib import Path

from helpers.scored_examples import random_scores
from runsieve.code import SCRIPTS
from runsieve.reports.registry import TABLES

TITLES = {"signal": "Zerfälle", "background": "<script>--></script> µ"}
JOB = """
import json, sys
from types import SimpleNamespace
sys.path.insert(0, {scripts!r})
import report_model
from runsieve.config.report import Report
from runsieve.config.working_point import WorkingPoint

edges = {{"start": 0, "stop": 10, "step": 5}}
points = {{"efficiency90": {{"signal_efficiency": 0.9}}, "best": {{"maximise": "f1"}}}}
report_model.main(SimpleNamespace(
    log=["report.log"],
    input=SimpleNamespace(scores=[{scores!r}]),
    output=SimpleNamespace(
        metrics="metrics.json",
        efficiency_text="efficiency.txt",
        tables=[f"{{name}}.csv" for name in {tables!r}],
        figures=["confusion.svg"],
    ),
    params=SimpleNamespace(
        classes=["signal", "background"],
        titles=json.loads({titles!r}),
        report={{"edges": edges}},
        working_points=points,
        name="network on größer",
        seeds=[1],
        diagnoses={{1: ["diagnosis.json"]}},
        simulated=True,
    ),
))
"""
ENVIRONMENTS = {
    "usual": {"LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "1", "OMP_NUM_THREADS": "1"},
    "bare": {"LANG": "C", "PYTHONHASHSEED": "2"},
    "ascii": {
        "LC_ALL": "C",
        "PYTHONUTF8": "0",
        "PYTHONCOERCECLOCALE": "0",
        "PYTHONHASHSEED": "3",
        "OMP_NUM_THREADS": "2",
    },
}


def files_in(folder: Path, environment: dict[str, str], scores: Path) -> dict[str, bytes]:
    """Run the report of the scores in a new folder and an environment of its own."""
    folder.mkdir()
    diagnosis = {"parameters": 3, "warnings": ["Zu groß: 3 µs."]}
    (folder / "diagnosis.json").write_text(
        json.dumps(diagnosis, ensure_ascii=False), encoding="utf-8"
    )
    code = JOB.format(
        scripts=str(SCRIPTS), scores=str(scores), tables=list(TABLES), titles=json.dumps(TITLES)
    )
    kept = {name: os.environ[name] for name in ("HOME", "MPLCONFIGDIR") if name in os.environ}
    (folder / "job.py").write_text(code, encoding="utf-8")
    command = [sys.executable, "job.py"]
    done = subprocess.run(command, cwd=folder, env=kept | environment, capture_output=True)
    assert done.returncode == 0, done.stderr.decode(errors="replace")
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.suffix != ".log"}


def test_the_same_scores_give_the_same_report(tmp_path):
    scores = random_scores(["signal", "background"], events=1500)
    scores.to_parquet(tmp_path / "scores.parquet")
    found = {
        name: files_in(tmp_path / name, environment, tmp_path / "scores.parquet")
        for name, environment in ENVIRONMENTS.items()
    }
    assert len(found["usual"]) == len(TABLES) + 5
    for name in ("bare", "ascii"):
        assert set(found[name]) == set(found["usual"])
        differ = [file for file in found[name] if found[name][file] != found["usual"][file]]
        assert differ == [], name
    assert "Zerfälle" in found["ascii"]["efficiency.txt"].decode("utf-8")
    assert "<script" not in found["ascii"]["confusion.svg"].decode("utf-8")
