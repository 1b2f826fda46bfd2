"""Failed jobs of a run of Snakemake: what failed, why, and where its log is."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

SHOWN = 20
START = re.compile(r"\s*Error in rule (\w+)")
DETAIL = re.compile(r"\s+(jobid|message|output|log): ?(.*)")
FINISHED = re.compile(r"Finished jobid: (\d+) ")
# What follows the details of an error, the lines of which need not be indented.
NEXT = re.compile(r"\s*\[\w{3} \w{3} +\d+ [\d:]+ \d{4}\]|Logfile |Trying to restart ")
RULER = re.compile(r"\s*={40,}\s*")  # before and after a log that is shown
REFUSED = re.compile(r"SLURM sbatch failed.*")
STATUS = re.compile(r"SLURM status is: '(\w+)'")
# The last line of a traceback: the class of an error with its module, and the message.
RAISED = re.compile(r"^(?:[\w.]+\.)?(\w+(?:Error|Exception|Interrupt|Exit|Exhausted)): (.+)")
HINT = " (check log file(s) for error details)"
GO_ON = (
    "Finished files are kept. Remove the cause and start the same command again; "
    "docs/operations.md tells what to do about each kind of failure."
)


@dataclass(frozen=True)
class Failure:
    """A failed attempt of a job.

    logs: its own, and of a cluster's job also that of the cluster; some may not exist
    status: what Slurm says of its end; empty if it is not known
    refused: why it was not even submitted; else empty
    """

    job: int
    rule: str
    logs: tuple[str, ...]
    status: str = ""
    refused: str = ""

    def raised(self) -> str | None:
        """The message of the last error in the first log that has one, or of the submission."""
        if self.refused:
            return self.refused
        for path in map(Path, self.logs):
            if path.is_file():
                lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
                found = [match for match in map(RAISED.match, lines) if match]
                if found:
                    kind, text = found[-1].groups()
                    return text if kind == "RunsieveError" else f"{kind}: {text}"
        return None

    def reason(self) -> str:
        """Its message, or what is known without one."""
        ended = f" (Slurm: {self.status})" if self.status else ""
        return self.raised() or (
            f"no message{ended}: not started, killed, or out of memory or time"
        )

    def text(self) -> str:
        """Two lines: rule and logs, and the reason."""
        return f"  {self.rule}: {', '.join(self.logs) or 'no log'}\n    {self.reason()}"


def failures(log: Path) -> tuple[list[Failure], list[Failure]]:
    """Jobs that failed for good, and those of which a later attempt succeeded.

    log: Snakemake's. Of each job only the last failed attempt.
    """
    failed: dict[int, Failure] = {}
    finished: set[int] = set()
    for head, details in _blocks(log.read_text(encoding="utf-8", errors="replace")):
        if (match := START.match(head)) and "jobid" in details:
            one = _failure(match[1], details)
            failed[one.job] = one
            finished.discard(one.job)
        elif match := FINISHED.match(head):
            finished.add(int(match[1]))
    lasting = [one for one in failed.values() if one.job not in finished]
    return lasting, [one for one in failed.values() if one.job in finished]


def _blocks(text: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Lines that matter, each with the details in the lines below that are indented more."""
    head, depth, details, shown = "", 0, {}, False
    for line in text.splitlines():
        if RULER.fullmatch(line):
            shown = not shown
        if shown:  # what a Snakemake inside a cluster's job says has numbers of its own
            continue
        starts = START.match(line) or FINISHED.match(line)
        if head and (starts or NEXT.match(line)):
            yield head, details
            head, details = "", {}
        indent = len(line) - len(line.lstrip())
        if starts:
            head, depth = line, indent
        elif head and indent > depth and (match := DETAIL.match(line)):
            details.setdefault(match[1], match[2])
    if head:
        yield head, details


def _failure(rule: str, details: dict[str, str]) -> Failure:
    message = details.get("message", "")
    status, refused = STATUS.search(message), REFUSED.match(message)
    logs = [part for part in details.get("log", "").replace(HINT, "").split(", ") if part]
    return Failure(
        int(details["jobid"]),
        rule,
        tuple(logs),
        status[1] if status else "",
        refused[0] if refused else "",
    )


def failed_run(logs: Sequence[str]) -> str:
    """What to say at the end of a run that failed. logs: those of Snakemake"""
    lasting = [one for log in logs for one in failures(Path(log))[0]]
    if not lasting:
        return f"The run ended before all jobs were done; none is known to have failed. {GO_ON}"
    count = "1 job failed" if len(lasting) == 1 else f"{len(lasting)} jobs failed"
    return "\n".join([f"{count}:", *_shown(lasting), GO_ON])


def finished_run(logs: Sequence[str]) -> str:
    """What to say at the end of a run that succeeded; empty if no job had to be repeated."""
    repeated = [one for log in logs for one in failures(Path(log))[1]]
    if not repeated:
        return ""
    count = "1 job" if len(repeated) == 1 else f"{len(repeated)} jobs"
    return "\n".join([f"{count} succeeded at a later attempt:", *_shown(repeated), ""])


def _shown(found: Sequence[Failure]) -> list[str]:
    """Those with a reason first: jobs of a group fail together, and one of them is the cause."""
    ordered = sorted(found, key=lambda one: one.raised() is None)
    more = [f"  and {len(found) - SHOWN} more"] if len(found) > SHOWN else []
    return [*(one.text() for one in ordered[:SHOWN]), *more]
