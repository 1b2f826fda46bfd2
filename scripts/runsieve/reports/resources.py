"""Time and memory of jobs, from Snakemake's benchmark files, next to what was requested."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from runsieve import layout

SUFFIX = ".jsonl"
MEASURED = {"s": "seconds", "cpu_time": "cpu_seconds", "max_rss": "memory_mb"}
REQUESTED = {"threads": "threads", "mem_mb": "requested_mb", "runtime": "requested_minutes"}


def resources_table(
    folder: str | Path, analysis: str, known: Mapping[str, Sequence[str]], but: Sequence[str] = ()
) -> pd.DataFrame:
    """One row per rule, in the order of `layout.JOBS`, from the benchmark files of an analysis.

    folder: of the benchmarks of all analyses
    known: values of wildcards; jobs with others are of an earlier configuration and left out
    but: rules that are left out

    jobs: number of jobs that left a benchmark, which is that of the last time they ran
    seconds_median, seconds_max, seconds_sum: wall time
    cpu_seconds_median, cpu_seconds_max, cpu_seconds_sum: time of all cores together
    memory_mb_median, memory_mb_max: largest resident memory of a job; blank for jobs that are too
        quick to be sampled
    threads, requested_mb, requested_minutes: largest request; blank unless Snakemake ran with
        `--benchmark-extended`, as in the profiles of this repository
    """
    rows = [row for row in _jobs(Path(folder), analysis, known) if row["rule"] not in but]
    names = [*MEASURED.values(), *REQUESTED.values()]
    jobs = pd.DataFrame(rows, columns=["rule", *names])
    jobs[names] = jobs[names].apply(pd.to_numeric, errors="coerce")
    order = [rule for rule in layout.JOBS if rule in set(jobs["rule"])]
    groups = jobs.groupby("rule")
    columns = {"jobs": groups.size()}
    for name in MEASURED.values():
        kinds = ("median", "max") if name == "memory_mb" else ("median", "max", "sum")
        columns |= {f"{name}_{kind}": groups[name].agg(kind).round(1) for kind in kinds}
    columns |= {name: groups[name].max().astype("Int64") for name in REQUESTED.values()}
    return pd.DataFrame(columns).reindex(order).rename_axis("rule").reset_index()


def _jobs(
    folder: Path, analysis: str, known: Mapping[str, Sequence[str]]
) -> Iterator[dict[str, Any]]:
    """What each benchmark file says of its job: rule, and the columns that are summed up."""
    patterns = {
        rule: _pattern(template, analysis)
        for rule, template in layout.JOBS.items()
        if "{analysis}" in template
    }
    for path in sorted((folder / analysis).rglob(f"*{SUFFIX}")):
        place = path.relative_to(folder).as_posix().removesuffix(SUFFIX)
        for rule, pattern in patterns.items():
            match = pattern.fullmatch(place)
            if match and all(
                value in known.get(name, [value]) for name, value in match.groupdict().items()
            ):
                yield {"rule": rule, **_measured(path)}


def _pattern(template: str, analysis: str) -> re.Pattern:
    """What matches the paths of a template, with a group for each wildcard."""
    parts = re.split(r"{(\w+)}", template.replace("{analysis}", analysis))
    texts = [
        f"(?P<{part}>{layout.WILDCARDS[part]})" if place % 2 else re.escape(part)
        for place, part in enumerate(parts)
    ]
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
