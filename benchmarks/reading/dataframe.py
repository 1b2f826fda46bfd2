"""ROOT's RDataFrame with the same cuts, in two threads."""

from pathlib import Path

import numpy as np
import ROOT
from task import COLUMNS, SAMPLES, STEPS, STRIDE, THREADS, TREE, WAVEFORM, timed


def work(raw: Path, output: Path) -> None:
    ROOT.EnableImplicitMT(THREADS)
    frame = ROOT.RDataFrame(TREE, str(raw))
    for name, branch in COLUMNS.items():
        if name != branch and name not in ("event", "hits"):
            frame = frame.Define(name, branch)
    for cut in STEPS.values():
        frame = frame.Filter(cut)
    events = np.sort(frame.AsNumpy(["event"])["event"])[::STRIDE]
    ROOT.gInterpreter.Declare("std::unordered_set<unsigned long> drawn;")
    for event in events.tolist():
        ROOT.drawn.insert(event)
    found = frame.Filter("drawn.count(event) > 0").AsNumpy(["event", WAVEFORM])
    order = np.argsort(found["event"])
    waveforms = np.empty((len(order), SAMPLES), np.uint16)
    for row, place in enumerate(order):
        waveforms[row] = found[WAVEFORM][place]
    np.save(output, waveforms)


timed(work)
