"""Twins in different splits: equal values, and pictures that look alike."""

import numpy as np
import pandas as pd
import pytest

from runsieve.samples.duplicates import (
    average_hashes,
    content_hashes,
    difference_hashes,
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
    found = find_duplicates(array, events_of())
    assert found["row"].tolist() == [0, 1, 4]
    assert set(found["set"]) == {1}
    assert set(found["kind"]) == {"exact"}


def test_the_order_of_the_events_does_not_matter():
    array = noise(6, 40)
    array[4] = array[0]
    expected = find_duplicates(array, events_of())
    found = find_duplicates(array, events_of().iloc[::-1])
    pd.testing.assert_frame_equal(found, expected)


def test_folds_are_places_as_well():
    array = noise(6, 40)
    array[1] = array[0]
    events = events_of(fold=[1, 2, 1, 2, 1, 2])
    found = find_duplicates(array, events)
    assert found["split"].tolist() == ["fold1", "fold2"]
    assert find_duplicates(array, events_of()).empty


def test_chunks_do_not_matter(monkeypatch):
    array = noise(6, 16, 16)
    array[4] = array[0]
    expected = find_duplicates(array, events_of(), average_hashes)
    monkeypatch.setattr("runsieve.samples.duplicates.CHUNK", 1)
    pd.testing.assert_frame_equal(find_duplicates(array, events_of(), average_hashes), expected)


@pytest.mark.parametrize("shape", [(16, 16), (50, 31, 3)])
def test_pictures_that_look_alike_are_found(shape):
    blocks = noise(6, 8, 8, *shape[2:], seed=3)
    rows, columns = (np.arange(side) * 8 // side for side in shape[:2])
    array = blocks[:, rows][:, :, columns] // 2 + 40
    array[4] = array[0] + 30  # brighter
    found = find_duplicates(array, events_of(), average_hashes)
    assert found[["kind", "row"]].to_numpy().tolist() == [["near", 0], ["near", 4]]
    assert find_duplicates(array, events_of()).empty


def test_what_is_equal_is_not_counted_as_alike_too():
    array = noise(6, 16, 16)
    array[4] = array[0]
    assert set(find_duplicates(array, events_of(), average_hashes)["kind"]) == {"exact"}


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


def waves(count, seed=1):
    """Pulses at the same place in noise, as a trigger records them."""
    rng = np.random.default_rng(seed)
    pulse = 300 * np.exp(-np.clip(np.arange(400) - 100, 0, None) / 60) * (np.arange(400) >= 100)
    return np.rint(1000 + pulse * rng.uniform(0.5, 2, (count, 1)) + rng.normal(0, 5, (count, 400)))


def test_copies_of_waveforms_with_another_gain_baseline_or_rounding_are_found():
    array = waves(6)
    array[4] = 1.3 * array[0] - 200
    array[5] = array[2] + 30.4
    found = find_duplicates(array, events_of(), difference_hashes)
    assert found["row"].tolist() == [0, 4, 2, 5]
    assert found["set"].tolist() == [1, 1, 2, 2] and set(found["kind"]) == {"near"}


def test_pulses_of_one_shape_are_not_twins():
    splits = ["train", "test"] * 1000
    assert find_duplicates(waves(2000), events_of(splits), difference_hashes).empty


def test_waveforms_that_are_mostly_zero_have_the_hash_of_their_content():
    array = np.zeros((6, 400), np.uint16)
    array[:, 5] = np.arange(6)
    assert (difference_hashes(array) == content_hashes(array)).all()


def test_waveforms_are_compared_as_such_where_they_are_long_enough():
    array, short = waves(6), noise(6, 100, kind=np.float32)
    array[4], short[4] = 2 * array[0], 2 * short[0]
    found = search({"wave": array, "short": short}, events_of(), pictures=False)
    assert found["input"].tolist() == ["wave", "wave"]


def test_events_may_be_a_part_of_the_rows():
    array = noise(6, 40)
    array[4] = array[0]
    found = find_duplicates(array, events_of().drop(index=[1, 2]))
    assert found["row"].tolist() == [0, 4]
