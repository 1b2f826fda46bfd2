"""Measure how much more processor time waveforms cost if `branch.array` decodes every basket.

PYTHONPATH=scripts python benchmarks/reading/decoding.py  (ROOT's baskets: where it is installed)
"""

import contextlib
import itertools
import tempfile
import time
from unittest.mock import patch

import awkward as ak
import numpy as np
import uproot
from task import SAMPLES, THREADS, TREE

from runsieve.runs.arrays import Wanted, fill_rows
from runsieve.runs.branches import Branch
from runsieve.runs.trees import open_chain

ENTRIES, BASKET, TURNS = 8000, 400, 9
NOISE = np.random.default_rng(1).normal(500, 2, (ENTRIES, SAMPLES)).astype(np.uint16)


def whole(branch: Branch, number: int, inside: np.ndarray) -> list:
    start, stop = branch.offsets[number : number + 2]
    values = branch.branch.array(entry_start=start, entry_stop=stop, library="ak")
    return [values[index] for index in inside]


def compare(path: str, branches: list[str]) -> None:
    for branch, stride in itertools.product(branches, (10, 1)):
        entries, ways = np.arange(0, ENTRIES, stride), [Branch.values, whole]
        seconds, found = np.empty((TURNS, 2)), np.empty((len(entries), SAMPLES), np.uint16)
        with open_chain(1, [path], TREE) as chain:
            for turn, way in np.ndindex(seconds.shape):
                start, rows = time.process_time(), np.arange(len(entries))
                with patch.object(Branch, "values", ways[way]):
                    sum(
                        fill_rows(
                            {branch: found}, chain, Wanted(entries, rows), slice(None), THREADS
                        )
                    )
                seconds[turn, way] = time.process_time() - start
                assert (found == NOISE[entries]).all()
            kind = f"{branch}, {chain.sources[0][branch].blocks} baskets, 1 of {stride} entries"
        ratios = seconds[:, 1] / seconds[:, 0]
        print(f"{kind}: least {ratios.min():.1f}, median {np.median(ratios):.1f}", flush=True)


with tempfile.TemporaryDirectory(prefix="runsieve-bench-") as folder:
    raw, copy = f"{folder}/uproot.root", f"{folder}/root.root"
    with uproot.recreate(raw, compression=uproot.LZ4(1)) as file:
        tree = file.mktree(TREE, {"fixed": ("u2", (SAMPLES,)), "counted": "var * uint16"})
        for part in np.split(NOISE, ENTRIES // BASKET):
            tree.extend({"fixed": part, "counted": ak.from_regular(part)})
    compare(raw, ["fixed", "counted"])
    with contextlib.suppress(ImportError):
        import ROOT

        options = ROOT.RDF.RSnapshotOptions("RECREATE", 4, 1, 0, 99, False)  # 4: LZ4
        frame = ROOT.RDataFrame(TREE, raw)
        frame = frame.Define("vector", "std::vector<UShort_t>(fixed.begin(), fixed.end())")
        frame.Snapshot(TREE, copy, ["fixed", "counted", "vector"], options)
        compare(copy, ["fixed", "counted", "vector"])
