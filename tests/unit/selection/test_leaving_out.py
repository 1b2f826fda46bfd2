"""Runs that are left out, because a file is missing or damaged."""

from types import SimpleNamespace

import pandas as pd
import pytest

from helpers.selected_runs import runs
from runsieve.config.selection import LEFT_OUT
from runsieve.errors import DamagedError, RunsieveError
from runsieve.selection.absences import (
    left_out_sentence,
    read_runs_left_out,
    require_complete,
    runs_left_out,
)
from runsieve.selection.event_lists import files_of, read_event_lists
from runsieve.selection.leaving_out import leaving_out, require_present
from runsieve.selection.selector import Selector
from runsieve.selection.statistics import count_events, pooled_cutflow, read_cutflows

REASON = "run 9: no file '9.root', and \"more\""


def left_out(folder, allowed=True, files=(), error=None):
    """Output files of a run that is missing, and what was said."""
    output = SimpleNamespace(events=folder / "run9.parquet", cutflow=folder / "run9.cutflow.csv")
    selector = Selector(9, {"signal": {}, "background": {}}, [1, 2], ["energy"])
    said = []
    with leaving_out(selector, output, files, allowed, said.append):
        if error is not None:
            raise error
        require_present(REASON)
    return output, said


def test_a_run_that_is_left_out_has_no_event_and_a_cut_flow_that_says_why(tmp_path):
    output, said = left_out(tmp_path)
    assert said == [f"{REASON}; the run is left out"]
    flow = read_cutflows([output.cutflow], skip=True)
    assert flow[["channel", "class"]].to_numpy().tolist() == [
        [channel, name] for channel in (1, 2) for name in ("signal", "background")
    ]
    assert set(flow["step"]) == {LEFT_OUT}
    assert set(flow["cut"]) == {REASON}
    assert not flow[["passed", "passed_alone", "passed_others"]].to_numpy().any()
    assert runs_left_out(flow) == read_runs_left_out([output.cutflow]) == {9: REASON}
    assert files_of(output.events) == []
    events = pd.read_parquet(output.events)
    assert events.columns.tolist() == ["run", "entry", "event", "channel", "class", "energy"]
    assert len(events) == 0


def test_only_a_damaged_run_is_left_out_and_only_where_it_may_be(tmp_path):
    with pytest.raises(DamagedError, match="run 9"):
        left_out(tmp_path, allowed=False)
    with pytest.raises(RunsieveError, match="no branch"):
        left_out(tmp_path, error=RunsieveError("no branch"))
    # Snakemake cannot see that it is back.
    with pytest.raises(DamagedError, match="run 9"):
        left_out(tmp_path, files=["root://server//9.root"])
    assert not list(tmp_path.iterdir())


def test_other_runs_count_as_if_it_were_not_listed(tmp_path):
    output, _ = left_out(tmp_path)
    events, cutflows = runs(tmp_path / "others")
    found = read_cutflows([*cutflows, output.cutflow], skip=True)
    alone = read_cutflows(cutflows)
    pd.testing.assert_frame_equal(count_events(found), count_events(alone))
    classes = ["signal", "background"]
    pd.testing.assert_frame_equal(pooled_cutflow(found, classes), pooled_cutflow(alone, classes))
    pd.testing.assert_frame_equal(
        read_event_lists([*events, output.events], None), read_event_lists(events, None)
    )
    assert len(read_event_lists([output.events], None)) == 0


def test_a_run_that_was_left_out_earlier_is_refused_where_it_must_not_be(tmp_path):
    output, _ = left_out(tmp_path)
    _, cutflows = runs(tmp_path / "others")
    with pytest.raises(RunsieveError, match=r"run 9: .* delete .*run9\.cutflow\.csv to read it"):
        read_cutflows([*cutflows, output.cutflow])
    require_complete(read_cutflows(cutflows), cutflows)


def test_runs_that_are_left_out_are_one_sentence():
    assert left_out_sentence({7: ""}) == "Run 7 is left out: a file of it is missing or damaged."
    assert left_out_sentence(dict.fromkeys([9, 7, 8], "")).endswith("missing or damaged: 7-9.")
