"""Running a script in a process of its own, and measuring it."""

import json
import os
import subprocess
import sys
from pathlib import Path

SCRIPTS = Path(__file__).resolve().parents[1] / "scripts"


def measured(script: Path, *arguments: object) -> dict[str, float]:
    """What a script prints last, as JSON, and the peak of its memory in MB; exits if it fails."""
    command = [sys.executable, "-W", "ignore", str(script), *map(str, arguments)]
    environment = os.environ | {"PYTHONPATH": str(SCRIPTS)}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, env=environment, text=True)
    printed = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{script.name} ended with exit code {process.returncode}")
    found = json.loads(printed.splitlines()[-1]) if printed else {}
    return found | {"memory": usage.ru_maxrss / 1e3}
