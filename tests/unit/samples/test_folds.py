"""Folds: every event is tested in one, and every union of folds is balanced."""

import json
from itertools import combinations
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

import split_fold as script
from runsieve.config.sample import Sample
from runsieve.errors import RunsieveError
from runsieve.samples.digests import digest_of_events
from runsieve.samples.drawing import build_sample, fold_of, split_of
from runsieve.samples.folds import split_fold

CLASSES = ["signal", "background"]
MATCH = {"column": "energy", "edges": {"start": 0, "stop": 10, "step": 5}}


def event_list(seed: int, count: int = 900) -> pd.DataFrame:
    """Events of two runs in two channels, twice as much background as signal."""
    rng = np.random.default_rng(seed)
    entry = np.sort(rng.choice(5 * count, count, replace=False))
    signal = rng.random(count) < 0.33
    events = pd.DataFrame(
        {
            "run": np.where(signal, 1601, 1858),
            "entry": entry,
            "event": (entry * 3 + 1).astype(np.uint64),
            "channel": 1,
            "class": np.where(signal, "signal", "background"),
            "energy": np.where(signal, rng.uniform(0, 10, count), rng.uniform(0, 8, count)),
        }
    )
    return pd.concat([events, events.assign(channel=2)], ignore_index=True)


options = st.fixed_dictionaries(
    {
        "folds": st.integers(2, 5),
        "balance": st.sampled_from(["undersample", "weights", "none"]),
        "match": st.sampled_from([None, MATCH]),
        "limit": st.none() | st.integers(300, 500),
        "seed": st.integers(0, 2**31),
    }
)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 100), options)
def test_folds_of_a_sample(seed, chosen):
    chosen = Sample.model_validate(chosen)
    numbers = range(1, chosen.folds + 1)
    events = event_list(seed)
    try:
        sample, drawn = build_sample(events, chosen, CLASSES, "s")
    except RunsieveError as error:
        # Few events in many folds: a class may have none in a split by chance.
        assert "no event" in str(error)
        reject()
    shuffled, _ = build_sample(events.sample(frac=1, random_state=seed), chosen, CLASSES, "s")
    pd.testing.assert_frame_equal(sample, shuffled)

    # All channels of an event are in one fold, and it is tested there and nowhere else.
    assert (sample.groupby(["run", "event"])[["fold", "split"]].nunique() == 1).all(axis=None)
    folds = {number: split_fold(sample, number) for number in numbers}
    tested = sum((fold.split == "test").to_numpy(int) for fold in folds.values())
    assert (tested == 1).all()
    for number, fold in folds.items():
        assert (fold.split.eq("test") == sample.fold.eq(number)).all()
        others = fold.split != "test"
        assert (fold.split[others] == sample.split[others]).all()
        assert fold.drop(columns="split").equals(sample.drop(columns="split"))
        assert set(fold.split) == {"train", "validation", "test"}

    for row in drawn.itertuples():
        mine = sample[(sample["class"] == row[1]) & (sample.fold == row.fold)]
        mine = mine[mine.split == row.split]
        assert (row.drawn, row.balance) == (len(mine), chosen.balance)
        assert row.weight == pytest.approx(mine.weight.sum())
    assert len(drawn) == len(CLASSES) * chosen.folds * 2
    assert drawn.drawn.sum() == len(sample)

    if chosen.balance == "none":
        assert (sample.weight == 1).all()
        return
    bins = np.zeros(len(sample), dtype=int)
    if chosen.match is not None:
        bins = np.digitize(sample.energy, chosen.match.edges.array())
    for size in numbers:
        for union in combinations(numbers, size):
            part = sample.assign(bin=bins)[sample.fold.isin(union)]
            weights = part.groupby(["split", "bin", "class"]).weight.sum().unstack()
            assert weights.signal.to_numpy() == pytest.approx(weights.background.to_numpy())


def test_folds_depend_on_run_and_event_alone():
    events = event_list(1)
    chosen = Sample(folds=4)
    fold = pd.Series(fold_of([events.run, events.event], chosen), index=events.index)
    some = events[events.energy > 2].sample(frac=0.5, random_state=2)
    assert (fold_of([some.run, some.event], chosen) == fold[some.index]).all()
    other = fold_of([events.run, events.event], Sample(folds=4, seed=2))
    assert (other != fold).mean() == pytest.approx(0.75, abs=0.05)


def test_shares_of_folds_and_splits():
    event = pd.Series(np.arange(100_000, dtype=np.uint64))
    run = pd.Series(np.full(len(event), 7))
    chosen = Sample(folds=5)
    fold, split = fold_of([run, event], chosen), split_of(run, [run, event], chosen)
    assert set(split) == {"train", "validation"}
    for number in range(1, 6):
        # 0.7 and 0.1 of the defaults keep their ratio, in every fold.
        validation = split[fold == number] == "validation"
        error = np.sqrt(0.125 * 0.875 / len(validation))
        assert abs(validation.mean() - 0.125) < 4 * error
        assert abs((fold == number).mean() - 0.2) < 4 * np.sqrt(0.2 * 0.8 / len(event))
    # Training events stay so where a sample is given folds.
    assert (split[split_of(run, [run, event], Sample()) == "train"] == "train").all()


def test_a_fold_without_events_of_a_class():
    events = event_list(3)
    few = events[(events["class"] == "background") | (events.event < 300)]
    expected = (
        r"^sample s: class 'signal' has no event in the validation split of fold \d "
        r"\(\d+ in all\); loosen the cuts, add runs or use fewer folds$"
    )
    with pytest.raises(RunsieveError, match=expected):
        build_sample(few, Sample(folds=5), CLASSES, "s")


def test_script(tmp_path):
    sample, _ = build_sample(event_list(2), Sample(folds=3), CLASSES, "s")
    sample.to_parquet(tmp_path / "events.parquet", index=False)
    job = SimpleNamespace(
        input=SimpleNamespace(events=tmp_path / "events.parquet"),
        output=SimpleNamespace(events=tmp_path / "fold2.parquet", digest=tmp_path / "digest.json"),
        params=SimpleNamespace(fold=2, sample={"folds": 3}, name="all/fold2"),
        log=[tmp_path / "log"],
    )
    script.main(job)
    found = pd.read_parquet(tmp_path / "fold2.parquet")
    pd.testing.assert_frame_equal(found, split_fold(sample, 2))
    assert json.loads((tmp_path / "digest.json").read_text()) == digest_of_events(found)
