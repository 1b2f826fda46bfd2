"""A sample on disk: its table, its arrays, and the classes that it must hold."""

import numpy as np
import pandas as pd
import pytest

from runsieve.errors import RunsieveError
from runsieve.samples.sample_files import (
    FitSample,
    class_names,
    open_sample,
    raw_values,
    require_classes,
)

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
    np.save(tmp_path / "features.npy", np.zeros((4, 2)))
    files = [tmp_path / "image.npy", tmp_path / "features.npy"]
    events, arrays = open_sample(tmp_path / "events.parquet", files)
    assert list(arrays) == ["image", "features"]
    assert isinstance(arrays["image"], np.memmap)
    assert len(events) == 4
    assert open_sample(tmp_path / "events.parquet")[1] == {}
    both = raw_values(arrays, np.array([2, 0]))
    assert {name: values.shape for name, values in both.items()} == {
        "image": (2, 3),
        "features": (2, 2),
    }
    assert raw_values({"image": arrays["image"]}, np.array([1])).shape == (1, 3)


def test_the_events_of_a_split_keep_their_rows():
    sample = FitSample(EVENTS, {}, ["signal", "background"])
    assert sample.split("validation")["row"].tolist() == [1, 0]
    assert len(sample.split("test")) == 0
    assert not sample.matched


def test_rows_outside_the_array_are_an_error(tmp_path):
    EVENTS.to_parquet(tmp_path / "events.parquet")
    np.save(tmp_path / "image.npy", np.zeros((3, 3), np.uint8))
    with pytest.raises(RunsieveError, match="rows 0 to 3, but the array has 3"):
        open_sample(tmp_path / "events.parquet", [tmp_path / "image.npy"])


def test_class_names_follow_the_labels():
    assert class_names(EVENTS) == ["signal", "background"]
    with pytest.raises(RunsieveError, match="found 1 background"):
        class_names(EVENTS[EVENTS["label"] == 1])


def test_require_classes():
    require_classes(EVENTS, ["signal", "background"], ["train", "validation"])
    with pytest.raises(RunsieveError, match="class signal has no event in the train split"):
        require_classes(EVENTS.iloc[[0, 2, 3]], ["signal", "background"], ["train"])
    with pytest.raises(RunsieveError, match="labels mean signal, background"):
        require_classes(EVENTS, ["background", "signal"], ["train"])
