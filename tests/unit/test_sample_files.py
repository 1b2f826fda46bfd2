import numpy as np
import pandas as pd
import pytest

from runsieve.errors import RunsieveError
from runsieve.sample_files import class_names, open_sample, require_classes

EVENTS = pd.DataFrame(
    {
        "label": [1, 0, 1, 0],
        "class": ["background", "signal", "background", "signal"],
        "split": ["train", "train", "validation", "validation"],
        "row": [3, 2, 1, 0],
    }
)


def test_open_sample_maps_the_array(tmp_path):
    EVENTS.to_parquet(tmp_path / "events.parquet")
    np.save(tmp_path / "image.npy", np.zeros((4, 3), np.uint8))
    events, array = open_sample(tmp_path / "events.parquet", tmp_path / "image.npy")
    assert isinstance(array, np.memmap)
    assert len(events) == 4
    assert open_sample(tmp_path / "events.parquet")[1] is None


def test_rows_outside_the_array_are_an_error(tmp_path):
    EVENTS.to_parquet(tmp_path / "events.parquet")
    np.save(tmp_path / "image.npy", np.zeros((3, 3), np.uint8))
    with pytest.raises(RunsieveError, match="rows 0 to 3, but the array has 3"):
        open_sample(tmp_path / "events.parquet", tmp_path / "image.npy")


def test_class_names_follow_the_labels():
    assert class_names(EVENTS) == ["signal", "background"]
    with pytest.raises(RunsieveError, match="found 1 background"):
        class_names(EVENTS[EVENTS["label"] == 1])


def test_require_classes():
    require_classes(EVENTS, ["signal", "background"], ["train", "validation"])
    with pytest.raises(RunsieveError, match="class signal has no event in the train split"):
        require_classes(EVENTS.iloc[[0, 2, 3]], ["signal", "background"], ["train"])
    with pytest.raises(RunsieveError, match="stand for signal, background"):
        require_classes(EVENTS, ["background", "signal"], ["train"])
