"""Time and memory of jobs, from Snakemake's benchmark files, next to what was requested."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from runsieve.job import host_of

SUFFIX = ".jsonl"
MEASURED = {"s": "seconds", "cpu_time": "cpu_seconds", "max_rss": "memory_mb"}
REQUESTED = {"threads": "threads", "mem_mb": "requested_mb", "runtime": "requested_minutes"}


def measured_jobs(
    benchmarks: str | Path,
    logs: str | Path,
    jobs: Mapping[str, str],
    known: Mapping[str, Sequence[str]],
) -> pd.DataFrame:
    """One row per job, in the order of `jobs`, from the files below two folders.

    jobs: path template of the benchmarks and logs of each rule, without suffix (`layout.JOBS`)
    known: values of wildcards; jobs with others are of an earlier configuration and left out. A
        wildcard that is not named can have any value

    rule, host: of the job, which its log names; seconds, cpu_seconds: wall time, and that of all
        cores together; memory_mb: largest resident memory. Snakemake samples the latter two, every
        0.5 s for 16 s, then every 30 s: what comes after the last sample is missing, and both are
        blank for jobs that are too quick; threads, requested_mb, requested_minutes: blank unless
        Snakemake ran with `--benchmark-extended`, as in the profiles of this repository
    """
    names = [*MEASURED.values(), *REQUESTED.values()]
    order = {rule: place for place, rule in enumerate(jobs)}
    found = sorted(
        _jobs(Path(benchmarks), Path(logs), jobs, known), key=lambda one: order[one["rule"]]
    )
    measured = pd.DataFrame(found, columns=["rule", "host", *names])
    measured[names] = measured[names].apply(pd.to_numeric, errors="coerce")
    return measured


def resources_table(measured: pd.DataFrame, keys: Sequence[str] = ("rule",)) -> pd.DataFrame:
    """One row per rule, or per rule and host, in the order of `measured_jobs`.

    jobs: number of jobs that left a benchmark, which is that of the last time they ran
    seconds_median, seconds_max, seconds_sum, cpu_seconds_median, cpu_seconds_max, cpu_seconds_sum
    memory_mb_median, memory_mb_max
    threads, requested_mb, requested_minutes: largest request
    """
    groups = measured.groupby(list(keys), sort=False)
    columns = {"jobs": groups.size()}
    for name in MEASURED.values():
        kinds = ("median", "max") if name == "memory_mb" else ("median", "max", "sum")
        columns |= {f"{name}_{kind}": groups[name].agg(kind).round(1) for kind in kinds}
    columns |= {name: groups[name].max().astype("Int64") for name in REQUESTED.values()}
    return pd.DataFrame(columns).reset_index()


def _jobs(
    benchmarks: Path, logs: Path, jobs: Mapping[str, str], known: Mapping[str, Sequence[str]]
) -> Iterator[dict[str, Any]]:
    """What the benchmark and the log of each job say of it: columns of `measured_jobs`."""
    patterns = {rule: _pattern(template, known) for rule, template in jobs.items()}
    for path in sorted(benchmarks.rglob(f"*{SUFFIX}")):
        place = path.relative_to(benchmarks).as_posix().removesuffix(SUFFIX)
        for rule, pattern in patterns.items():
            if pattern.fullmatch(place):
                yield {"rule": rule, "host": host_of(logs / f"{place}.log"), **_measured(path)}


def _pattern(template: str, known: Mapping[str, Sequence[str]]) -> re.Pattern:
    """What matches the paths of a template whose wildcards have known values."""

    def values(wildcard: str) -> str:
        if wildcard not in known:
            return r"\w+"
        return f"(?:{'|'.join(map(re.escape, known[wildcard])) or '(?!)'})"

    parts = re.split(r"{(\w+)}", template)
    texts = [values(part) if place % 2 else re.escape(part) for place, part in enumerate(parts)]
    return re.compile("".join(texts))


def _measured(path: Path) -> dict[str, Any]:
    """The last line of a benchmark file."""
    found = json.loads(path.read_text(encoding="utf-8").splitlines()[-1])
    requested = {**(found.get("resources") or {}), "threads": found.get("threads")}
    return {name: found.get(key) for key, name in MEASURED.items()} | {
        name: _single(requested.get(key)) for key, name in REQUESTED.items()
    }


def _single(value: Any) -> Any:
    """A number that Snakemake may write as a list of one."""
    return value[0] if isinstance(value, list) and value else value
