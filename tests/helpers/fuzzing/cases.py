"""Cases of one flipped byte, and workers that try them."""

import contextlib
import json
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import uproot

from helpers.fuzzing.layouts import TREE

# Outcomes: the first three are to be expected where no checksum is, the others are faults.
FAULTS = ("exception", "allocation", "signal", "hang")
OUTCOMES = ("right", "refused", "wrong", *FAULTS)
PATIENCE = 20  # seconds; a case takes some hundredths of one


@dataclass(frozen=True)
class Case:
    """A byte of a file and the bits of it that are flipped."""

    file: Path
    place: int
    mask: int


@dataclass(frozen=True)
class Result:
    """What became of a case: one of OUTCOMES, and the message."""

    case: Case
    outcome: str
    message: str


def places_of_data(file: Path) -> np.ndarray:
    """Positions in the file of all bytes of its baskets, with their keys; shape (bytes,)."""
    with uproot.open(file) as directory:
        places = [
            np.arange(seek, seek + size)
            for branch in directory[TREE].values()
            for seek, size in zip(
                branch.member("fBasketSeek")[: branch.num_baskets],
                branch.member("fBasketBytes")[: branch.num_baskets],
                strict=True,
            )
        ]
    return np.concatenate(places)


def cases_of(file: Path, count: int, seed: int, places: np.ndarray | None = None) -> list[Case]:
    """`count` cases of a file; a byte of its baskets is changed, or one of `places`."""
    rng = np.random.default_rng([seed, *file.name.encode()])
    chosen = rng.choice(places_of_data(file) if places is None else places, count)
    return [Case(file, int(place), int(rng.integers(1, 256))) for place in chosen]


def tried(cases: Iterable[Case], folder: Path, algorithm: str | None = None) -> Iterator[Result]:
    """Try each case in a worker process; a new one is started after a crash or a hang.

    algorithm: of the checksums of the undamaged files that are compared first, if any
    """
    worker = None
    for case in cases:
        if worker is None:
            worker = _Worker(folder, algorithm)
        answer = worker.ask(case)
        if answer[0] in ("signal", "hang"):
            worker = None
        yield Result(case, *answer)
    if worker is not None:
        worker.end()


class _Worker:
    def __init__(self, folder: Path, algorithm: str | None):
        environment = os.environ | {"PYTHONPATH": os.pathsep.join(map(str, sys.path))}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "helpers.fuzzing.worker", str(folder / "damaged.root")]
            + ([] if algorithm is None else [algorithm]),
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self.lines = queue.Queue()
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        for line in self.process.stdout:
            self.lines.put(line)
        self.lines.put(None)

    def ask(self, case: Case) -> tuple[str, str]:
        try:
            self.process.stdin.write(json.dumps([str(case.file), case.place, case.mask]) + "\n")
            self.process.stdin.flush()
            line = self.lines.get(timeout=PATIENCE)
        except queue.Empty:
            self.process.kill()
            self._close()
            return "hang", f"no answer in {PATIENCE} s"
        except BrokenPipeError:
            line = None
        if line is None:
            self._close()
            code = self.process.returncode
            return "signal", signal.Signals(-code).name if code < 0 else f"exit code {code}"
        return tuple(json.loads(line))

    def end(self) -> None:
        self.process.stdin.close()
        self._close()

    def _close(self) -> None:
        self.process.wait()
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.close()
        self.process.stdout.close()
