"""Progress of long loops: an occasional line in the log, which shows that a job is alive."""

import time

SECONDS = 10.0


class Progress:
    """Counts progress towards `total` and prints it every few seconds.

    >>> progress = Progress("run 41: events read", total=1000)
    >>> progress.advance(250)  # after ten seconds: run 41: events read: 250 of 1000 (25 %)
    """

    def __init__(self, what: str, total: float, seconds: float = SECONDS) -> None:
        self.what = what
        self.total = total
        self.seconds = seconds
        self.done = 0
        self.said = time.monotonic()

    def advance(self, count: float = 1, note: str = "") -> None:
        """Add `count`; if a line is due, print it with `note` appended."""
        self.done += count
        if time.monotonic() - self.said > self.seconds:
            self.said = time.monotonic()
            percent = 100 * self.done / max(self.total, 1)
            done = f"{self.done:.0f} of {self.total:.0f}"
            print(f"{self.what}: {done} ({percent:.0f} %){note}", flush=True)
