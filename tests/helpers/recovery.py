"""A short chain that tests disturb, and its comparison with one that nothing disturbed."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from helpers.checkout import Checkout, copy_checkout
from helpers.foreign_runs import write_foreign_analysis

RESULTS = "results/foreign"
SCORES = [
    f"{RESULTS}/tests/detectors/{model}/seed1/scores.parquet" for model in ("small", "energy_only")
]
REPORT = f"{RESULTS}/reports/detectors/energy_only/metrics.json"
EPOCHS = 6
TIMES = ("training.json", "resume.npz")  # files in which times are


def small_checkout(folder: Path) -> Checkout:
    checkout = copy_checkout(folder)
    write_foreign_analysis(checkout.folder)
    training = {"training": {"epochs": EPOCHS}}
    checkout.change_analysis("foreign", lambda one: one["models"]["small"].update(training))
    (checkout.folder / "config/config.yaml").write_text("analyses: [foreign]\nscale: full\n")
    return checkout


def different(one: Checkout, other: Checkout, *folders: str) -> list[str]:
    """Files of these folders of the results that the two have not in common, byte for byte.

    Previous arrays are left out: their tables hold the times of the raw files.
    """
    found = []
    for folder in folders:
        places = {
            path.relative_to(checkout.folder)
            for checkout in (one, other)
            for path in (checkout.folder / RESULTS / folder).rglob("*")
            if path.is_file() and path.name not in TIMES and path.parent.name != "previous"
        }
        assert places, folder
        for place in sorted(places):
            both = [checkout.folder / place for checkout in (one, other)]
            if not all(path.is_file() for path in both) or (
                both[0].read_bytes() != both[1].read_bytes()
            ):
                found.append(str(place))
    return found


def commands() -> Iterator[tuple[int, list[str]]]:
    """Number and command of every process."""
    for place in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it has just ended
            yield int(place.name), (place / "cmdline").read_bytes().decode().split("\0")


def processes(*words: str) -> list[int]:
    """Numbers of the processes with all of these words in their commands."""
    return [pid for pid, parts in commands() if all(word in " ".join(parts) for word in words)]


def scripts(checkout: Checkout, rule: str) -> list[int]:
    """Numbers of the processes in which scripts of a rule run."""
    folder, end = f"{checkout.folder}/.snakemake/scripts/", f".{rule}.py"
    return [
        pid
        for pid, parts in commands()
        if len(parts) > 1 and parts[1].startswith(folder) and parts[1].endswith(end)
    ]


def text(path: Path) -> str:
    """Of a log, which Snakemake removes before a job begins it anew."""
    try:
        return path.read_text(errors="replace")
    except FileNotFoundError:
        return ""


class Running:
    """Snakemake in a checkout, while it runs."""

    def __init__(self, checkout: Checkout, *arguments: str, environment: Mapping[str, str]) -> None:
        self.log = checkout.folder / "running.log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "snakemake", *arguments],
                cwd=checkout.folder,
                env={"HOME": str(checkout.folder), **environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                # What was started in the background of a shell ignores it, and so would this.
                preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
            )

    def printed(self) -> str:
        return self.log.read_text(errors="replace")

    def until(self, what: str, condition: Callable[[], bool], seconds: float = 240) -> None:
        """Wait for a condition, as long as Snakemake lives."""
        end = time.monotonic() + seconds
        while not condition():
            assert self.process.poll() is None, f"{what}: ended before\n{self.printed()}"
            assert time.monotonic() < end, f"{what}: not in {seconds} s\n{self.printed()}"
            time.sleep(0.1)

    def ended(self, signal: int, seconds: float = 240) -> str:
        """Send a signal, wait for the end, and return what was printed."""
        self.process.send_signal(signal)
        assert self.process.wait(seconds) != 0
        return self.printed()

    def finished(self, seconds: float = 600) -> str:
        assert self.process.wait(seconds) == 0, self.printed()
        return self.printed()
