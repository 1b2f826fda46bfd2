"""Event lists know the files that they were selected from."""

import numpy as np
import pandas as pd
import pytest

from runsieve.errors import RunsieveError
from runsieve.runs.contents import Contents
from runsieve.selection.event_lists import (
    files_of,
    read_event_lists,
    require_different_events,
    write_event_list,
)


def event_list(folder, run: int, *contents: str | None):
    files = [
        Contents(run, f"{run}_{number}.root", 30, content)
        for number, content in enumerate(contents)
    ]
    rows = {"run": run, "entry": np.arange(2), "event": [5, 6], "class": "signal"}
    path = folder / f"run{run}.parquet"
    assert write_event_list([pd.DataFrame(rows)] * 2, path, files) == 4
    return path


def test_files_are_kept_beside_the_rows(tmp_path):
    path = event_list(tmp_path, 7, "a", None)
    assert [(one["file"], one["content"]) for one in files_of(path)] == [
        ("7_0.root", "a"),
        ("7_1.root", None),
    ]
    assert read_event_lists([path], None).event.tolist() == [5, 6, 5, 6]


def test_runs_of_different_events(tmp_path):
    lists = [event_list(tmp_path, 7, "a", "b", None), event_list(tmp_path, 8, "c", None)]
    require_different_events(lists, {7, 8, 9})


def test_runs_of_the_same_events(tmp_path):
    lists = [
        event_list(tmp_path, 7, "a", "b"),
        event_list(tmp_path, 8, "c"),
        event_list(tmp_path, 9, "d", "b"),
    ]
    with pytest.raises(RunsieveError) as error:
        require_different_events(lists, {7, 8, 9})
    assert str(error.value) == (
        "runs 7 and 9 hold the same 30 events (7_1.root, 9_1.root), which would be in different "
        "splits; leave one of the two out of the run sheet"
    )
