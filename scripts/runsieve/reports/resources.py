"""Time and memory of jobs, from Snakemake's benchmark files, next to what was requested."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

SUFFIX = ".jsonl"
MEASURED = {"s": "seconds", "cpu_time": "cpu_seconds", "max_rss": "memory_mb"}
REQUESTED = {"threads": "threads", "mem_mb": "requested_mb", "runtime": "requested_minutes"}


def resources_table(
    folder: str | Path, jobs: Mapping[str, str], known: Mapping[str, Sequence[str]]
) -> pd.DataFrame:
    """One row per rule, in the order of `jobs`, from the benchmark files below a folder.

    jobs: path template of the benchmarks of each rule, without suffix (`layout.JOBS`)
    known: values of wildcards; jobs with others are of an earlier configuration and left out. A
        wildcard that is not named can have any value

    jobs: number of jobs that left a benchmark, which is that of the last time they ran
    seconds_median, seconds_max, seconds_sum: wall time
    cpu_seconds_median, cpu_seconds_max, cpu_seconds_sum: time of all cores together
    memory_mb_median, memory_mb_max: largest resident memory of a job; blank for jobs that are too
        quick to be sampled
    threads, requested_mb, requested_minutes: largest request; blank unless Snakemake ran with
        `--benchmark-extended`, as in the profiles of this repository
    """
    names = [*MEASURED.values(), *REQUESTED.values()]
    measured = pd.DataFrame(_jobs(Path(folder), jobs, known), columns=["rule", *names])
    measured[names] = measured[names].apply(pd.to_numeric, errors="coerce")
    groups = measured.groupby("rule")
    columns = {"jobs": groups.size()}
    for name in MEASURED.values():
        kinds = ("median", "max") if name == "memory_mb" else ("median", "max", "sum")
        columns |= {f"{name}_{kind}": groups[name].agg(kind).round(1) for kind in kinds}
    columns |= {name: groups[name].max().astype("Int64") for name in REQUESTED.values()}
    order = [rule for rule in jobs if rule in groups.groups]
    return pd.DataFrame(columns).reindex(order).rename_axis("rule").reset_index()


def _jobs(
    folder: Path, jobs: Mapping[str, str], known: Mapping[str, Sequence[str]]
) -> Iterator[dict[str, Any]]:
    """What each benchmark file says of its job: rule, and the columns that are summed up."""
    patterns = {rule: _pattern(template, known) for rule, template in jobs.items()}
    for path in sorted(folder.rglob(f"*{SUFFIX}")):
        place = path.relative_to(folder).as_posix().removesuffix(SUFFIX)
        for rule, pattern in patterns.items():
            if pattern.fullmatch(place):
                yield {"rule": rule, **_measured(path)}


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
