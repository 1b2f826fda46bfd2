"""All runs of an analysis: what each sample can expect from them, and what is missing."""

import re
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pandas as pd

from runsieve.checks.findings import RunChecked, RunToCheck
from runsieve.checks.likeness import likewise
from runsieve.checks.run import check_run
from runsieve.config.selection import ALL
from runsieve.progress import Progress
from runsieve.selection.event_lists import same_events

MANY = 20  # runs; starting other processes takes as long as checking about ten
CHUNK = 5  # runs that a process is given at a time


@dataclass(frozen=True)
class SampleToCheck:
    """What a sample takes: `classes` gives, by class, the class of the cuts and the runs."""

    name: str
    channels: list[int]
    classes: Mapping[str, tuple[str, list[int]]]
    inputs: list[str]


@dataclass(frozen=True)
class AnalysisChecked:
    """Everything that was found.

    titles: display name by class
    expected: columns sample, class and events (from the fraction of the first entries that pass)
    disk: bytes that the arrays of all samples need at most; 0 where the models are not known
    written: numbers of the runs that the workflow itself writes, which cannot be opened before
    bare: numbers of the runs whose files have no checksum in the run sheet
    left_out: by run, why the workflow will leave it out
    """

    name: str
    title: str
    titles: dict[str, str]
    runs: list[RunChecked]
    written: list[int]
    bare: list[int]
    expected: pd.DataFrame
    disk: float
    problems: list[str]
    left_out: dict[int, str]


def check_all(
    analyses: Iterable[Mapping[str, Any]], folder: Path, processes: int = 1
) -> list[AnalysisChecked]:
    """Check analyses given as plain values, see `runsieve.plan.checks.checked`.

    folder: where results go, to compare the space there with what is needed
    """
    return [
        _check_analysis(
            values,
            _check_runs(values["name"], [RunToCheck(**one) for one in values["runs"]], processes),
            [SampleToCheck(**one) for one in values["samples"]],
            folder,
        )
        for values in analyses
    ]


def _check_runs(name: str, runs: list[RunToCheck], processes: int) -> list[RunChecked]:
    """Check each run; many are divided between processes, as most of the work is Python."""
    progress = Progress(f"{name}: runs opened", len(runs))
    found = []
    with ExitStack() as stack:
        each: Callable = map
        if processes > 1 and len(runs) > MANY:
            # Not forked: the reader has threads.
            pool = ProcessPoolExecutor(processes, get_context("spawn"))
            each = partial(stack.enter_context(pool).map, chunksize=CHUNK)
        for one in each(check_run, runs):
            found.append(one)
            progress.advance()
    return found


def _check_analysis(
    values: Mapping[str, Any],
    found: list[RunChecked],
    samples: list[SampleToCheck],
    folder: Path,
) -> AnalysisChecked:
    flows = _flows(found)
    expected = _expected(flows, samples)
    disk = _disk(found, expected, samples)
    place, keys = values["place"], {run["run"]: run["keys"] for run in values["runs"]}
    known = _known(values, found)
    labels, dead = _dead_cuts(flows, known, keys)
    problems = [
        *_of_runs(found),
        *same_events(asdict(file) for one in found for file in one.contents),
        *(f"{place}: {text}" for text in dead),
        *(f"{place}: {text}" for text in _missing(expected, samples, known - labels)),
        *_full(disk, folder),
    ]
    if not all(run["complete"] for run in values["runs"]):
        expected = expected[:0]  # with fewer cuts, more events pass
    return AnalysisChecked(
        **{key: values[key] for key in ("name", "title", "titles", "written", "bare")},
        runs=found,
        expected=expected,
        disk=disk,
        problems=problems,
        left_out=values["absent"] | {one.run: one.left_out for one in found if one.left_out},
    )


def _of_runs(found: list[RunChecked]) -> list[str]:
    """The problems of all runs; one that several runs have is said once."""
    return likewise(
        ((str(one.run), text, _unplaced(one, text)) for one in found for text in one.problems),
        "run",
        "runs",
    )


def _unplaced(one: RunChecked, text: str) -> str:
    """A sentence about a run without the number, the files and the entry."""
    for file in sorted((*one.files, *one.beside), key=len, reverse=True):
        text = text.replace(file, "")
    return re.sub(r"entr\S+ \d+", "", text.removeprefix(f"run {one.run}: "))


def _known(values: Mapping[str, Any], found: list[RunChecked]) -> set[str]:
    """Classes of which all runs were read, so that what none of them has is missed."""
    read = {one.run for one in found if len(one.flow)}
    runs_of: dict[str, set[int]] = {}
    for run in values["runs"]:
        for label in run["classes"]:
            runs_of.setdefault(label, set()).add(run["run"])
    return {label for label, runs in runs_of.items() if runs <= read} - set(values["uncertain"])


def _flows(found: list[RunChecked]) -> pd.DataFrame:
    """The cut flows of all runs that could be read, with their numbers of entries."""
    parts = [
        one.flow.assign(entries=one.entries, examined=one.examined)
        for one in found
        if len(one.flow)
    ]
    return pd.concat(parts) if parts else pd.DataFrame()


def _expected(flows: pd.DataFrame, samples: list[SampleToCheck]) -> pd.DataFrame:
    rows = []
    if len(flows):
        # The last step of each class counts what passes all of them.
        passed = flows.groupby(["run", "channel", "class"], sort=False).last()
        events = (passed.passed * passed.entries / passed.examined).rename("events").reset_index()
        for sample in samples:
            for label, (cut, runs) in sample.classes.items():
                mine = events[
                    events.channel.isin(sample.channels)
                    & (events["class"] == cut)
                    & events.run.isin(runs)
                ]
                rows.append(
                    {"sample": sample.name, "class": label, "events": round(mine.events.sum())}
                )
    return pd.DataFrame(rows, columns=["sample", "class", "events"])


def _dead_cuts(
    flows: pd.DataFrame, labels: set[str], keys: Mapping[int, Mapping[str, str]]
) -> tuple[set[str], list[str]]:
    """Cuts of these classes that no entry passes: the classes, and a sentence for each cut."""
    if not len(flows):
        return set(), []
    dead, without_hit, told = set(), set(), []
    cuts = flows[flows["class"].isin(labels) & (flows.cut != "")]
    keyed = cuts.assign(
        key=[keys[run][step] for run, step in zip(cuts.run, cuts.step, strict=True)]
    )
    for (label, key, cut), part in keyed.groupby(["class", "key", "cut"], sort=False):
        if part.passed_alone.sum() == 0 and label not in without_hit:
            if set(part.step) == {ALL}:
                without_hit.add(label)  # so that no hit passes any other cut
            runs = ", ".join(map(str, part.run.unique()))
            entries = part.groupby("run").examined.first().sum()
            text = (
                f"{key}: none of the first {entries} entries of the runs of class '{label}' "
                f"({runs}) passes this cut: {cut}"
            )
            dead.add(label)
            told.append((f"'{label}'", text, key))
    return dead, likewise(told, "class", "classes")


def _missing(expected: pd.DataFrame, samples: list[SampleToCheck], labels: set[str]) -> list[str]:
    """Classes of samples, out of these classes, that no event reaches."""
    events = expected.set_index(["sample", "class"]).events
    told = []
    for sample in samples:
        for label, (of, runs) in sample.classes.items():
            if of in labels and events.get((sample.name, label), 0) == 0:
                text = (
                    f"samples.{sample.name}: no event of class '{label}' passes all cuts in the "
                    f"first entries of its runs ({', '.join(map(str, runs))})"
                )
                told.append((f"samples.{sample.name}", text, label))
    return likewise(told, "in", "in")


def _disk(found: list[RunChecked], expected: pd.DataFrame, samples: list[SampleToCheck]) -> float:
    """Bytes of the arrays of all samples, if nothing is left out to balance classes."""
    sizes = {name: size for one in found for name, size in one.bytes_per_event.items()}
    events = expected.groupby("sample").events.sum()
    return float(
        sum(
            events.get(sample.name, 0) * sizes.get(name, 0)
            for sample in samples
            for name in sample.inputs
        )
    )


def _full(disk: float, folder: Path) -> Iterator[str]:
    present = next(one for one in (folder.absolute(), *folder.absolute().parents) if one.exists())
    free = shutil.disk_usage(present).free
    if disk > free:
        yield (
            f"{present}: the arrays of all samples need up to {disk / 1e9:.1f} GB, but "
            f"{free / 1e9:.1f} GB are free; use `limit` of the samples, or another disk"
        )
