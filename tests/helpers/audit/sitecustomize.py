"""Python imports this at start where its folder is on PYTHONPATH: it watches what a job opens.

A file below results/ or data/ that a job reads must be one of its declared inputs, or one that it
has written itself, if only the last time: the state of a training. What is not goes to the file
that AUDIT names, a line each: rule, path.
"""

import os
import sys

REPORT = os.environ.get("AUDIT")
STATE = "resume.npz"
written: set[str] = set()


def watch(event: str, arguments: tuple) -> None:
    """An audit hook: see `sys.addaudithook`."""
    if event == "os.rename":
        written.update(os.path.abspath(os.fsdecode(path)) for path in arguments[:2])
    if event != "open" or not isinstance(arguments[0], str | bytes):
        return
    job = getattr(sys.modules.get("__main__"), "snakemake", None)
    if not hasattr(job, "input"):
        return
    path, flags = os.path.abspath(os.fsdecode(arguments[0])), arguments[2]
    folders = [os.path.abspath(name) + os.sep for name in ("results", "data")]
    if not path.startswith(tuple(folders)) or os.path.basename(path) == STATE:
        return
    if flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
        written.add(path)
    elif path not in written and path not in {os.path.abspath(str(one)) for one in job.input}:
        line = f"{job.rule}\t{os.path.relpath(path)}\n"
        with open(os.open(REPORT, os.O_WRONLY | os.O_APPEND | os.O_CREAT), "w") as report:
            report.write(line)


if REPORT:
    sys.addaudithook(watch)
