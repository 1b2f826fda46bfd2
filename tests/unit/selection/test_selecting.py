"""Selecting several runs in one job gives what selecting each alone gives."""

import numpy as np
import pandas as pd
import pytest
import uproot

from runsieve.config.selection import LEFT_OUT
from runsieve.errors import DamagedError
from runsieve.selection.absences import read_runs_left_out
from runsieve.selection.event_lists import files_of
from runsieve.selection.selecting import Common, Files, Selection, select_runs

COLUMNS = {"event": "number", "energy": "e{channel}"}
CLASSES = {"signal": {"energy": "energy > 3"}}
COMMON = Common("events", [1, 2], ["energy"])


def write_run(folder, run, kind=np.float32):
    path = folder / f"{run}.root"
    generator = np.random.default_rng(run)
    values = {f"e{channel}": generator.uniform(0, 9, 40).astype(kind) for channel in (1, 2)}
    with uproot.recreate(path) as file:
        file.mktree("events", {"number": np.arange(40), **values})
    return Selection([str(path)], [], COLUMNS, CLASSES)


def selected(folder, runs, common=COMMON):
    to = Files(folder / "list.parquet", folder / "flow.csv")
    folder.mkdir(exist_ok=True)
    said = []
    select_runs(runs, common, to, said.append)
    events = pd.read_parquet(to.events), pd.read_csv(to.cutflow, keep_default_na=False)
    return *events, files_of(to.events), said


@pytest.mark.parametrize("kinds", [(np.float32,) * 3, (np.float32, np.float64, np.int16)])
def test_a_batch_is_its_runs_one_below_the_other(tmp_path, kinds):
    runs = {run: write_run(tmp_path, run, kind) for run, kind in zip((7, 8, 9), kinds, strict=True)}
    events, flow, files, _ = selected(tmp_path / "batch", runs)
    alone = [selected(tmp_path / str(run), {run: one}) for run, one in runs.items()]
    pd.testing.assert_frame_equal(events, pd.concat([one[0] for one in alone], ignore_index=True))
    pd.testing.assert_frame_equal(flow, pd.concat([one[1] for one in alone], ignore_index=True))
    assert files == [file for one in alone for file in one[2]]
    assert {file["run"] for file in files} == {7, 8, 9}


def test_only_the_damaged_run_of_a_batch_is_left_out(tmp_path):
    runs = {run: write_run(tmp_path, run) for run in (7, 8)}
    (tmp_path / "8.root").write_bytes(b"root")
    with pytest.raises(DamagedError, match=r"run 8: .*8\.root"):
        selected(tmp_path / "refused", runs)
    assert not list((tmp_path / "refused").iterdir())
    common = Common("events", [1, 2], ["energy"], skip=True)
    events, flow, _, said = selected(tmp_path / "batch", runs, common)
    assert set(events["run"]) == {7}
    assert flow.loc[flow["run"] == 8, "step"].unique().tolist() == [LEFT_OUT]
    assert list(read_runs_left_out([tmp_path / "batch/flow.csv"])) == [8]
    assert len(said) == 1
