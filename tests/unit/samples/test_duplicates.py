"""Twins in different splits: equal values, and pictures that look alike."""

import numpy as np
import pandas as pd
import pytest

from runsieve.samples.duplicates import (
    average_hashes,
    content_hashes,
    duplicates_sentences,
    find_duplicates,
    is_picture,
    search,
)

SPLITS = ["train", "train", "validation", "test", "test", "test"]


def events_of(splits=SPLITS, **columns):
    rows = np.arange(len(splits))
    return pd.DataFrame(
        {"run": 7, "event": rows + 1, "channel": 0, "class": "cat", "split": splits, "row": rows}
    ).assign(**columns)


def noise(count, *shape, kind=np.uint8, seed=1):
    return np.random.default_rng(seed).integers(0, 255, (count, *shape)).astype(kind)


@pytest.mark.parametrize("kind", [np.uint8, np.int16, np.float32])
def test_equal_values_in_two_splits_are_found(kind):
    array = noise(6, 40, kind=kind)
    array[4] = array[0]  # test and train
    array[1] = array[0]
    array[5] = array[3]  # both in the test split
    found = find_duplicates(array, events_of(), pictures=False)
    assert found["row"].tolist() == [0, 1, 4]
    assert set(found["set"]) == {1}
    assert set(found["kind"]) == {"exact"}


def test_the_order_of_the_events_does_not_matter():
    array = noise(6, 40)
    array[4] = array[0]
    expected = find_duplicates(array, events_of(), pictures=False)
    found = find_duplicates(array, events_of().iloc[::-1], pictures=False)
    pd.testing.assert_frame_equal(found, expected)


def test_folds_are_places_as_well():
    array = noise(6, 40)
    array[1] = array[0]
    events = events_of(fold=[1, 2, 1, 2, 1, 2])
    found = find_duplicates(array, events, pictures=False)
    assert found["split"].tolist() == ["fold1", "fold2"]
    assert find_duplicates(array, events_of(), pictures=False).empty


def test_chunks_do_not_matter(monkeypatch):
    array = noise(6, 16, 16)
    array[4] = array[0]
    expected = find_duplicates(array, events_of(), pictures=True)
    monkeypatch.setattr("runsieve.samples.duplicates.CHUNK", 1)
    pd.testing.assert_frame_equal(find_duplicates(array, events_of(), pictures=True), expected)


@pytest.mark.parametrize("shape", [(16, 16), (50, 31, 3)])
def test_pictures_that_look_alike_are_found(shape):
    blocks = noise(6, 8, 8, *shape[2:], seed=3)
    rows, columns = (np.arange(side) * 8 // side for side in shape[:2])
    array = blocks[:, rows][:, :, columns] // 2 + 40
    array[4] = array[0] + 30  # brighter
    found = find_duplicates(array, events_of(), pictures=True)
    assert found[["kind", "row"]].to_numpy().tolist() == [["near", 0], ["near", 4]]
    assert find_duplicates(array, events_of(), pictures=False).empty


def test_what_is_equal_is_not_counted_as_alike_too():
    array = noise(6, 16, 16)
    array[4] = array[0]
    assert set(find_duplicates(array, events_of(), pictures=True)["kind"]) == {"exact"}


def test_average_hashes_are_those_of_a_loop():
    pictures = noise(20, 29, 41, 3, seed=5)
    for picture, seen in zip(pictures, average_hashes(pictures), strict=True):
        grey = picture.mean(axis=2)
        rows, columns = (np.linspace(0, side, 9).astype(int) for side in grey.shape)
        blocks = [
            grey[rows[i] : rows[i + 1], columns[j] : columns[j + 1]].mean()
            for i in range(8)
            for j in range(8)
        ]
        bits = np.unpackbits(np.array([seen]).view(np.uint8))
        assert bits.tolist() == (blocks > np.mean(blocks)).tolist()


def test_hashes_of_content_are_of_the_values_alone():
    array = noise(3, 30, kind=np.int16)
    assert (content_hashes(array[:, ::-1]) == content_hashes(array[:, ::-1].copy())).all()
    assert len(set(content_hashes(array).tolist())) == 3


@pytest.mark.parametrize(
    ("shape", "expected"),
    [((8, 8), True), ((31, 40, 3), True), ((2, 4080), False), ((31, 31, 2), False), ((99,), False)],
)
def test_shapes_of_pictures(shape, expected):
    assert is_picture(shape) == expected


def test_what_is_found_is_a_sentence_per_input():
    pictures, pulses = noise(6, 16, 16), noise(6, 40)
    pictures[4] = pulses[4] = 7
    pictures[0] = pulses[2] = 7
    arrays = {"image": pictures, "pulse": pulses, "other": noise(6, 50)}
    found = search(arrays, events_of(), pictures=True)
    assert duplicates_sentences("all", found) == [
        "sample all, input image: 2 events in different splits have the same values: 1 of train, "
        "1 of test",
        "sample all, input pulse: 2 events in different splits have the same values: "
        "1 of validation, 1 of test",
    ]
    assert duplicates_sentences("all", search({}, events_of(), pictures=True)) == []
