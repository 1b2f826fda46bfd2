"""Mistakes that can be planted in one study: in settings, run sheet, files and friends."""

import copy
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import awkward as ak
import numpy as np
import uproot
import yaml

from helpers.plans import ROOTS
from runsieve.checks.analysis import AnalysisChecked, check_all
from runsieve.config.load import Loaded, read
from runsieve.models import catalogue
from runsieve.plan.checks import checked
from runsieve.plan.plan import Plan
from runsieve.plan.targets import repeated_files
from runsieve.reports.check import all_problems

CATALOGUE = catalogue()
ENTRIES, SAMPLES = 60, 32
YAML, SHEET = "config/analyses/planted.yaml", "config/runs/planted.tsv"
KINDS = {
    **{1: "calibration", 2: "physics", 50: "test", 51: "noise"},
    **{
        run: "calibration" if run % 2 else "physics"
        for run in (*range(30, 37), *range(40, 48), *range(60, 66))
    },
}
BINS = {"start": 0, "stop": 10, "step": 2}
SETTINGS: dict[str, Any] = {
    "title": "A study with mistakes",
    "tree": "ntp",
    "columns": {
        "run": "runno",
        "event": "evtno",
        "energy": "energy",
        "hits": "nhit",
        "drift": "time * 2",
        "charge": "veto.charge",
    },
    "friends": {
        "veto": {"tree": "veto", "event": "number"},
        "light": {"files": "raw/light{run}.root", "tree": "light"},
    },
    "keep": ["energy"],
    "selection": {
        "precut": {"positive": "energy > 0", "window": "drift < 100", "quiet": "charge < 9"},
        "by_kind": {"physics": {"few": "hits < 9"}, "noise": {"low": "energy < 3"}},
    },
    "classes": {
        "signal": {"kinds": ["calibration"]},
        "background": {"kinds": ["physics"]},
        "rare": {"runs": [50], "cut": "energy > 2"},
        "far": {"runs": [51], "cut": "hits > 2"},
    },
    "inputs": {
        "wave": {"branches": ["wave"], "shape": [SAMPLES]},
        "peak": {"branches": ["wave"], "shape": [8], "window": {"start": 4, "stop": 12}},
        "light": {"branches": ["light.sum"], "shape": [1]},
    },
    "samples": {"all": {"balance": "weights", "classes": ["signal", "background"]}, "four": {}},
    "models": {
        "bins": {"type": "binned", "column": "energy", "edges": BINS},
        "net": {
            "type": "network",
            "towers": {"wave": None},
            "dense": {"units": [4]},
            "training": {"epochs": 5, "batch_size": 32},
        },
    },
    "baseline": "bins",
    "report": {"edges": BINS, "bootstrap": 10},
    "demo": {"models": {"net": {"training": {"epochs": 1, "batch_size": 16}}}},
}


@dataclass
class Study:
    """A study in a folder; `spoilt` are the runs whose files are taken from `bad/`."""

    settings: dict[str, Any] = field(default_factory=lambda: copy.deepcopy(SETTINGS))
    main: dict[str, Any] = field(default_factory=lambda: {"analyses": ["planted"], "scale": "demo"})
    rows: dict[int, list[str]] = field(
        default_factory=lambda: {
            run: [str(run), kind, f"raw/run{run}.root", ""] for run, kind in KINDS.items()
        }
    )
    more: list[list[str]] = field(default_factory=list)
    spoilt: set[int] = field(default_factory=set)

    def write(self, folder: Path, prepared: Path) -> None:
        """Write settings and run sheet, and copy the files of `prepared` (see `write_files`)."""
        for path in (folder / "config/analyses", folder / "config/runs", folder / "raw"):
            shutil.rmtree(path, ignore_errors=True)
            path.mkdir(parents=True)
        for run in KINDS:
            source = prepared / ("bad" if run in self.spoilt else "good")
            for path in source.glob(f"*{run}.root"):
                if path.stem in (f"run{run}", f"light{run}"):
                    shutil.copy(path, folder / "raw")
        (folder / "config/config.yaml").write_text(yaml.safe_dump(self.main))
        (folder / YAML).write_text(yaml.safe_dump(self.settings, sort_keys=False))
        rows = [["run", "kind", "files", "checksums"], *self.rows.values(), *self.more]
        (folder / SHEET).write_text("".join("\t".join(row) + "\n" for row in rows))

    def read(self) -> tuple[dict[str, Loaded], list[str]]:
        """What can be read of the settings in the working directory, and their mistakes."""
        return read(self.main, CATALOGUE)

    def problems(self) -> list[str]:
        """What the check says of the study in the working directory."""
        loaded, mistakes = self.read()
        mistakes += repeated_files(Plan(one, ROOTS) for one in loaded.values())
        return all_problems(mistakes, self.checked())

    def checked(self) -> list[AnalysisChecked]:
        """What is found in the files."""
        plans = [Plan(one, ROOTS) for one in self.read()[0].values()]
        return check_all(map(checked, plans), Path("results"))


def events(run: int) -> dict[str, Any]:
    """Branches of a good run; small whole numbers, so that every basket is compressed."""
    rng = np.random.default_rng(run)
    return {
        "runno": np.full(ENTRIES, run, np.int32),
        "evtno": np.arange(100, 100 + ENTRIES, dtype=np.uint64),
        "energy": rng.integers(1, 6, ENTRIES).astype(np.float64),
        "nhit": rng.integers(0, 5, ENTRIES).astype(np.int32),
        "time": rng.integers(0, 20, ENTRIES).astype(np.float64),
        "wave": rng.integers(200, 204, (ENTRIES, SAMPLES)).astype(np.uint16),
    }


def friends(run: int) -> dict[str, dict[str, Any]]:
    """Branches of good friends: one joined by event number, one in the order of the run."""
    rng = np.random.default_rng(1000 + run)
    numbers = np.arange(100, 100 + ENTRIES, dtype=np.int32)[::-1].copy()
    return {
        "veto": {"number": numbers, "charge": rng.integers(0, 5, ENTRIES).astype(np.float32)},
        "light": {"sum": rng.integers(0, 5, ENTRIES).astype(np.float32)},
    }


def write_files(folder: Path) -> None:
    """The files of all runs without a mistake in `good/`, and those with one in `bad/`."""
    for kind in ("good", "bad"):
        (folder / kind).mkdir()
    for run in KINDS:
        _write(folder / "good", run, {"ntp": events(run), **friends(run)})
    for run, spoil in SPOILT.items():
        trees = {"ntp": events(run), **friends(run)}
        changed = spoil(trees)
        _write(folder / "bad", run, trees)
        if callable(changed):
            path = folder / f"bad/run{run}.root"
            path.write_bytes(changed(path))


def _write(folder: Path, run: int, trees: dict[str, dict[str, Any]]) -> None:
    for name, own in (("run", trees.keys() - {"light"}), ("light", trees.keys() & {"light"})):
        if own:
            path = folder / f"{name}{run}.root"
            with uproot.recreate(path, compression=uproot.ZLIB(1)) as file:
                for tree in sorted(own):
                    file.mktree(tree, trees[tree])


def _other_tree(trees):
    trees["other"] = trees.pop("ntp")


def _no_run_number(trees):
    del trees["ntp"]["runno"]


def _strings(trees):
    trees["ntp"]["energy"] = ak.Array([["a", "b"][entry % 2] for entry in range(ENTRIES)])


def _repeat(trees):
    trees["ntp"]["evtno"][7] = trees["ntp"]["evtno"][3]


def _not_finite(trees):
    trees["ntp"]["energy"][5] = np.nan


def _shorter(trees):
    trees["ntp"]["wave"] = trees["ntp"]["wave"][:, : SAMPLES // 2]


def _no_veto(trees):
    del trees["veto"]


def _no_charge(trees):
    trees["veto"]["q"] = trees["veto"].pop("charge")


def _few_in_veto(trees):
    trees["veto"] = {name: one[1:] for name, one in trees["veto"].items()}


def _no_light(trees):
    del trees["light"]


def _no_sum(trees):
    trees["light"]["total"] = trees["light"].pop("sum")


def _few_in_light(trees):
    trees["light"]["sum"] = trees["light"]["sum"][1:]


def _cut_short(path: Path) -> bytes:
    return path.read_bytes()[: path.stat().st_size // 2]


def _damaged(path: Path) -> bytes:
    content = bytearray(path.read_bytes())
    with uproot.open(path) as file:
        branch = file["ntp"]["energy"]
        end = branch.member("fBasketSeek")[0] + branch.member("fBasketBytes")[0]
    content[end - 8] ^= 0x55
    return bytes(content)


# By run: changes the branches in place; returns what makes the bytes of the file, if anything.
SPOILT: dict[int, Callable] = {
    40: _other_tree,
    41: _no_run_number,
    42: _strings,
    43: _shorter,
    44: lambda trees: _cut_short,
    45: _repeat,
    46: lambda trees: _damaged,
    47: _not_finite,
    60: _no_veto,
    61: _no_charge,
    62: _few_in_veto,
    63: _no_light,
    64: _no_sum,
    65: _few_in_light,
}


def _set(*keys: str, to: Any) -> Callable[[Study], None]:
    def change(study: Study) -> None:
        here = study.settings
        for key in keys[:-1]:
            here = here.setdefault(key, {})
        here[keys[-1]] = to

    return change


def _row(run: int, column: int, to: str) -> Callable[[Study], None]:
    def change(study: Study) -> None:
        study.rows[run][column] = to

    return change


def _more(*row: str) -> Callable[[Study], None]:
    return lambda study: study.more.append([*row, ""])


def _file(run: int) -> Callable[[Study], None]:
    return lambda study: study.spoilt.add(run)


# What plants each mistake, and the words of its sentence: the file, the key or branch, the fault.
MISTAKES: dict[str, tuple[Callable[[Study], None], tuple[str, ...]]] = {
    "unknown key": (_set("titel", to="x"), (f"{YAML}: titel: unknown key", "'title'")),
    "unknown key of a model": (
        _set("models", "net", "training", "epocs", to=3),
        (f"{YAML}: models.net.training.epocs: unknown key", "'epochs'"),
    ),
    "wrong value": (
        _set("samples", "all", "balance", to="waits"),
        (f"{YAML}: samples.all.balance: expected", "found 'waits'"),
    ),
    "wrong type of value": (
        _set("seeds", to=["one"]),
        (f"{YAML}: seeds.0: expected a whole number, found 'one'",),
    ),
    "kept column that does not exist": (
        _set("keep", to=["energy", "energi"]),
        (f"{YAML}: keep: there is no column 'energi' (did you mean 'energy'?)",),
    ),
    "model that does not exist": (
        _set("baseline", to="binz"),
        (f"{YAML}: baseline: there is no model 'binz' (did you mean 'bins'?)",),
    ),
    "cut that cannot be read": (
        _set("selection", "precut", "window", to="drift <"),
        (f"{YAML}: selection.precut.window: 'drift <'",),
    ),
    "condition of a hit that cannot be read": (
        _set("selection", "hit", to="energy >"),
        (f"{YAML}: selection.hit: 'energy >'",),
    ),
    "cut on a column that does not exist": (
        _set("selection", "by_kind", "physics", "few", to="hitts < 9"),
        (f"{YAML}: selection.by_kind.physics.few: there is no column 'hitts'",),
    ),
    "value that demo overrides": (
        _set("models", "net", "training", "batch_size", to=0),
        (f"{YAML}: models.net.training.batch_size: expected", "(at full scale)"),
    ),
    "value of demo": (
        _set("demo", "models", "net", "training", "learning_rate", to=-1),
        (f"{YAML}: models.net.training.learning_rate: expected", "(at demo scale)"),
    ),
    "contradiction in a window": (
        _set("inputs", "peak", "window", to={"start": 12, "stop": 4}),
        (f"{YAML}: inputs.peak.window: stop must be above start",),
    ),
    "column that cannot be read": (
        _set("columns", "drift", to="time *"),
        (f"{YAML}: columns.drift: 'time *'",),
    ),
    "unknown key of the main configuration": (
        lambda study: study.main.update(scal="full"),
        ("config/config.yaml: scal: unknown key", "'scale'"),
    ),
    "bad number": (
        _more("seven", "physics", "raw/run2.root"),
        (f"{SHEET}: line", "run: expected a whole number, found 'seven'"),
    ),
    "duplicated run": (
        _more("2", "physics", "raw/run1.root"),
        (f"{SHEET}: line", "run 2 is listed on more than one line"),
    ),
    "bad kind": (_row(30, 1, "phy sics"), (f"{SHEET}: line", "kind:", "found 'phy sics'")),
    "missing file": (_row(32, 2, "raw/none.root"), ("run 32: no file 'raw/none.root'",)),
    "wrong checksum": (
        _row(33, 3, "adler32:00000001"),
        ("run 33: raw/run33.root: its checksum should be adler32:00000001",),
    ),
    "file in two runs": (
        _row(35, 2, "raw/run1.root"),
        (f"{SHEET}: run 35 lists raw/run1.root, which run 1 lists",),
    ),
    "checksums of other files": (
        _row(36, 3, "adler32:00000001 adler32:00000002"),
        ("run 36: the run sheet should give a checksum for each of the 1 files", "raw/run36.root"),
    ),
    "missing tree": (_file(40), ("run 40: raw/run40.root: no tree 'ntp'; the file holds other",)),
    "missing branch": (
        _file(41),
        ("run 41: raw/run41.root: tree 'ntp' has no branch 'runno'",),
    ),
    "wrong type": (
        _file(42),
        ("run 42: raw/run42.root: branch 'energy' is of the type", "does not hold numbers"),
    ),
    "wrong shape": (
        _file(43),
        ("run 43: raw/run43.root: branch 'wave' holds 16 values at entry", "expected 32"),
    ),
    "truncated file": (_file(44), ("run 44: raw/run44.root", "cut short")),
    "event number twice": (_file(45), ("run 45: raw/run45.root: event 103 ",)),
    "damaged basket": (_file(46), ("run 46: raw/run46.root", "branch 'energy'", "damaged")),
    "value that is not finite": (
        _file(47),
        ("run 47: raw/run47.root: column 'energy' of channel 0 is nan at entry 5",),
    ),
    "missing tree of a friend": (
        _file(60),
        ("run 60: raw/run60.root: no tree 'veto'; the file holds ntp",),
    ),
    "missing branch of a friend": (
        _file(61),
        ("run 61: raw/run61.root: tree 'veto' has no branch 'charge'",),
    ),
    "event without an entry in a friend": (
        _file(62),
        ("run 62: raw/run62.root: friend 'veto' has no entry for 1 of the 60 events",),
    ),
    "missing file of a friend": (_file(63), ("run 63: no file 'raw/light63.root'",)),
    "missing branch of a friend that only an input reads": (
        _file(64),
        ("run 64: raw/light64.root: tree 'light' has no branch 'sum'",),
    ),
    "friend of another length": (
        _file(65),
        ("run 65: raw/light65.root: tree 'light' has 59 entries, the run 60",),
    ),
    "contradiction in a friend": (
        _set("friends", "third", to={"files": "raw/light{run}.root", "missing": 3}),
        (f"{YAML}: friends.third: missing: only with event",),
    ),
    "cut that nothing passes": (
        _set("classes", "rare", "cut", to="energy > 1000"),
        (f"{YAML}: classes.rare.cut: none of the first 60 entries", "(50)", "energy > 1000"),
    ),
    "class that no event reaches": (
        _set("classes", "far", "cut", to="energy > 4"),
        (f"{YAML}: samples.four: no event of class 'far' passes all cuts", "(51)"),
    ),
}


def plant(names: Iterable[str]) -> Study:
    """A study with the mistakes of these names."""
    study = Study()
    for name in names:
        MISTAKES[name][0](study)
    return study
