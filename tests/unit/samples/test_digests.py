"""Digests change with what models are fitted to, and with nothing else."""

import hashlib
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

import digest_column
from runsieve.samples.digests import digest_of_array, digest_of_column, digest_of_events

EVENTS = pd.DataFrame(
    {
        "run": [3, 3, 5],
        "entry": [0, 4, 1],
        "event": np.array([10, 14, 2**63], np.uint64),
        "channel": [1, 2, 1],
        "class": ["signal", "background", "signal"],
        "label": [0, 1, 0],
        "energy": [1.5, 2.5, 3.5],
        "split": ["train", "test", "train"],
        "weight": [1.0, 2.0, 1.0],
        "row": [0, 1, 2],
    }
)


def test_the_digest_names_events_and_runs():
    found = digest_of_events(EVENTS)
    assert (found["events"], found["runs"]) == (3, [3, 5])
    assert len(found["sha256"]) == 64


@pytest.mark.parametrize(
    "change",
    [
        lambda events: events.drop(columns="energy"),
        lambda events: events.assign(hits=7),
        lambda events: events[events.columns[::-1]],
        lambda events: events.astype({"run": np.int32, "label": np.int8}),
        lambda events: events.astype({"class": "category", "split": "category"}),
    ],
    ids=["no column", "new column", "order of columns", "types of integers", "categories"],
)
def test_what_does_not_count(change):
    assert digest_of_events(change(EVENTS)) == digest_of_events(EVENTS)


@pytest.mark.parametrize(
    "change",
    [
        {"run": [3, 3, 6]},
        {"entry": [0, 5, 1]},
        {"event": np.array([10, 14, 2**63 + 1], np.uint64)},
        {"channel": [1, 1, 1]},
        {"class": ["signal", "noise", "signal"]},
        {"split": ["train", "validation", "train"]},
        {"weight": [1.0, 2.0, 1.0 + 1e-12]},
        {"fold": [1, 2, 1]},
    ],
    ids=lambda change: next(iter(change)),
)
def test_what_counts(change):
    assert digest_of_events(EVENTS.assign(**change)) != digest_of_events(EVENTS)


def test_the_order_of_events_counts():
    turned = EVENTS.iloc[::-1].assign(row=[0, 1, 2])
    assert digest_of_events(turned) != digest_of_events(EVENTS)


def test_the_digest_of_an_array_is_that_of_sha256sum(tmp_path):
    path = tmp_path / ".waveform.partial.npy"
    path.write_bytes(b"abc")
    expected = hashlib.sha256(b"abc").hexdigest()
    assert digest_of_array(path, "waveform.npy") == f"{expected}  waveform.npy\n"


def test_the_digest_of_a_column_is_of_that_column_alone(tmp_path):
    def digest(events: pd.DataFrame) -> str:
        events.to_parquet(tmp_path / "events.parquet")
        job = SimpleNamespace(
            input=SimpleNamespace(events=tmp_path / "events.parquet"),
            output=SimpleNamespace(digest=tmp_path / "energy.sha256"),
            params=SimpleNamespace(column="energy"),
            log=[tmp_path / "log"],
        )
        digest_column.main(job)
        return (tmp_path / "energy.sha256").read_text()

    first = digest(EVENTS)
    assert first == digest_of_column(EVENTS["energy"])
    assert digest(EVENTS.assign(hits=7, channel=3)) == first
    assert digest(EVENTS.assign(energy=EVENTS["energy"] + 1e-9)) != first
