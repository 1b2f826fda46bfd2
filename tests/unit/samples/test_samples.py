"""Splits, balance and drawing."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.samples import MATCH, event_list
from runsieve.config.base import SPLITS
from runsieve.config.sample import Sample
from runsieve.errors import RunsieveError
from runsieve.samples.drawing import build_sample, group_keys, split_of

CLASSES = ["signal", "background"]


def test_runs_of_a_class_take_the_place_of_the_classes():
    events = event_list(1)
    second = events["class"].eq("signal") & (events.event % 2 == 0)
    events.loc[second, "run"] = 1765
    chosen = Sample(runs_of="signal", null_test=True)
    sample, drawn = build_sample(events, chosen, ["run1601", "run1765"], "runs")
    assert set(sample["class"]) == {"run1601", "run1765"}
    assert (sample["class"] == "run" + sample.run.astype(str)).all()
    assert (sample.label == (sample.run == 1765)).all()
    assert set(drawn["class"]) == {"run1601", "run1765"}
    # An event is in the same split as in a sample of the classes.
    assert (sample.split == split_of(sample.run, [sample.run, sample.event], Sample())).all()
    assert drawn.available.sum() == (events["class"] == "signal").sum()


modes = st.sampled_from(["undersample", "weights", "none"])
limits = st.integers(150, 300)
options = st.fixed_dictionaries(
    {
        "balance": modes | st.dictionaries(st.sampled_from(SPLITS), modes),
        "limit": st.none() | limits | st.dictionaries(st.sampled_from(SPLITS), limits),
        "match": st.sampled_from([None, MATCH]),
        "channels": st.sampled_from([None, [1], [2]]),
        "seed": st.integers(0, 2**31),
    }
)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 100), options)
def test_samples(seed, chosen):
    chosen = Sample.model_validate(chosen)
    events = event_list(seed)
    sample, drawn = build_sample(events, chosen, CLASSES, "s")
    shuffled, _ = build_sample(events.sample(frac=1, random_state=seed), chosen, CLASSES, "s")
    pd.testing.assert_frame_equal(sample, shuffled)
    assert sample.row.tolist() == list(range(len(sample)))
    assert sample.sort_values(["run", "entry", "channel"]).row.is_monotonic_increasing
    assert not sample.duplicated(["run", "entry", "channel"]).any()
    assert drawn.drawn.sum() == len(sample)
    assert (drawn.drawn <= drawn.available).all()
    assert (sample.groupby(["run", "event"]).split.nunique() == 1).all()
    for row in drawn.itertuples():
        mine = sample[(sample["class"] == row[1]) & (sample.split == row.split)]
        assert (row.drawn, row.balance) == (len(mine), chosen.modes()[row.split])
        assert row.weight == pytest.approx(mine.weight.sum())
        if isinstance(chosen.limit, dict):
            assert len(mine) <= chosen.limit.get(row.split, len(mine))
        elif chosen.limit is not None:
            assert (sample["class"] == row[1]).sum() <= chosen.limit
    bins = np.zeros(len(sample), dtype=int)
    if chosen.match is not None:
        bins = np.digitize(sample.energy, chosen.match.edges.array())
    for (split, _), part in sample.groupby([sample.split, bins]):
        mode = chosen.modes()[split]
        by_class = part.groupby("class").weight.agg(["size", "sum"])
        if mode == "none":
            assert (part.weight == 1).all()
            continue
        assert len(by_class) == len(CLASSES)
        assert chosen.match is None or part.energy.between(0, 10).all()
        if mode == "undersample":
            assert by_class["size"].nunique() == 1
        if mode == "weights":
            assert by_class["sum"].to_numpy() == pytest.approx(by_class["sum"].iloc[0])
            assert part.weight.sum() == pytest.approx(len(part))


def test_split_depends_on_run_and_event_alone():
    events = event_list(1)
    split = pd.Series(
        split_of(events.run, [events.run, events.event], Sample()), index=events.index
    )
    some = events[events.energy > 2].sample(frac=0.5, random_state=2)
    assert (split_of(some.run, [some.run, some.event], Sample()) == split[some.index]).all()
    other = split_of(events.run, [events.run, events.event], Sample(seed=2))
    assert (other != split).mean() > 0.2


def test_shares_of_the_splits():
    event = pd.Series(np.arange(100_000, dtype=np.uint64))
    run = pd.Series(np.full(len(event), 7))
    split = split_of(run, [run, event], Sample())
    for name, share in (("train", 0.7), ("validation", 0.1), ("test", 0.2)):
        error = np.sqrt(share * (1 - share) / len(event))
        assert abs((split == name).mean() - share) < 4 * error


def test_seed_and_limit():
    events = event_list(3)
    first, _ = build_sample(events, Sample(seed=1), CLASSES, "s")
    second, _ = build_sample(events, Sample(seed=2), CLASSES, "s")
    assert set(first.event) != set(second.event)
    few, _ = build_sample(events, Sample(limit=100, balance="none"), CLASSES, "s")
    assert few.groupby("class").size().to_dict() == {"signal": 100, "background": 100}


def test_a_class_without_events():
    events = event_list(4)
    events = events[events["class"] == "background"]
    with pytest.raises(RunsieveError, match=r"^sample s: class 'signal' has no event in channels"):
        build_sample(events, Sample(channels=[1]), CLASSES, "s")


def test_runs_of_one_split_and_shares_of_the_others():
    events = event_list(3)
    split = {"train": 0.75, "validation": 0.25, "test": 0, "runs": {"test": [1858]}}
    chosen = Sample.model_validate({"split": split})
    found = split_of(events.run, [events.run, events.event], chosen)
    assert set(found[events.run == 1858]) == {"test"}
    assert set(found[events.run == 1601]) == {"train", "validation"}
    assert (found[events.run == 1601] == "train").mean() == pytest.approx(0.75, abs=0.06)


@pytest.mark.parametrize(
    ("split", "message"),
    [
        ({"train": 0.8, "validation": 0.2, "test": 0}, "test is 0, and runs lists no run"),
        ({"runs": {"test": [1], "train": [1]}}, "run 1 is listed twice"),
        ({"runs": {"testing": [1]}}, "runs.testing"),
    ],
)
def test_splits_that_contradict_themselves_are_refused(split, message):
    with pytest.raises(ValueError, match=message):
        Sample.model_validate({"split": split})


@pytest.mark.parametrize("match", [None, MATCH])
@pytest.mark.parametrize("mode", ["undersample", "weights"])
def test_a_split_that_is_not_balanced_keeps_all_its_events(mode, match):
    balance = {"train": mode, "validation": mode, "test": "none"}
    chosen = Sample.model_validate({"balance": balance, "match": match})
    sample, drawn = build_sample(event_list(4), chosen, CLASSES, "s")
    test = drawn[drawn.split == "test"]
    assert (test.drawn == test.available).all()
    assert (sample[sample.split == "test"].energy > 10).any()
    assert (sample[sample.split == "test"].weight == 1).all()
    weights = sample[sample.split == "train"].groupby("class").weight.sum()
    assert weights["signal"] == pytest.approx(weights["background"])


@pytest.mark.parametrize("match", [None, MATCH])
def test_splits_are_balanced_independently(match):
    """The mode of one split changes nothing in the others."""
    events = event_list(5)
    modes = {"train": "weights", "validation": "weights", "test": "undersample"}
    settings = {"match": match, "seed": 3}
    mixed, _ = build_sample(events, Sample(balance=modes, **settings), CLASSES, "s")
    for split, mode in modes.items():
        alike, _ = build_sample(events, Sample(balance=mode, **settings), CLASSES, "s")
        one, other = (made[made.split == split].drop(columns="row") for made in (mixed, alike))
        pd.testing.assert_frame_equal(one.reset_index(drop=True), other.reset_index(drop=True))
    assert mixed[mixed.split == "test"].weight.eq(1).all()
    assert mixed[mixed.split == "train"].weight.nunique() > 1


def test_a_limit_for_each_split():
    events = event_list(6)
    free, _ = build_sample(events, Sample(balance="none"), CLASSES, "s")
    chosen = Sample(balance="none", limit={"train": 50, "test": 7})
    sample, drawn = build_sample(events, chosen, CLASSES, "s")
    counts = drawn.set_index(["class", "split"])
    assert set(counts.drawn.xs("train", level="split")) == {50}
    assert set(counts.drawn.xs("test", level="split")) == {7}
    validation = counts.xs("validation", level="split")
    assert (validation.drawn == validation.available).all()
    assert set(sample.entry) <= set(free.entry)


def test_a_limit_of_training_alone():
    events = event_list(6)
    free, _ = build_sample(events, Sample(), CLASSES, "s")
    sample, drawn = build_sample(events, Sample(limit={"train": 20}), CLASSES, "s")
    assert (drawn[drawn.split == "train"].drawn == 20).all()
    for split in ("validation", "test"):
        mine, all_of_it = (one[one.split == split].drop(columns="row") for one in (sample, free))
        pd.testing.assert_frame_equal(mine.reset_index(drop=True), all_of_it.reset_index(drop=True))


grouped = st.fixed_dictionaries(
    {
        "balance": modes,
        "folds": st.none() | st.integers(2, 3),
        "seed": st.integers(0, 2**31),
    }
)


@settings(max_examples=30)
@given(st.integers(0, 100), grouped, st.sampled_from([1.0, 0.01, -0.3]))
def test_no_group_is_in_two_splits(seed, chosen, unit):
    """Groups of a few events each, which span runs and classes, in any unit."""
    events = event_list(seed)
    numbers = np.random.default_rng(seed).permutation(5000) // 10
    events["group"] = numbers[events.entry] * unit
    split = {"train": 0.6, "validation": 0.2, "test": 0.2, "group": "group"}
    chosen = Sample.model_validate(chosen | {"split": split})
    sample, _ = build_sample(events, chosen, CLASSES, "s")
    assert sample.groupby("group")["split"].nunique().max() == 1
    if chosen.folds is not None:
        assert sample.groupby("group")["fold"].nunique().max() == 1
    # Groups are not one group: each split has many.
    assert (sample.groupby("split")["group"].nunique() > 3).all()


def test_shares_of_groups():
    numbers = pd.Series((np.arange(100_000) * 0.1).view(np.uint64))
    run = pd.Series(np.full(len(numbers), 7))
    split = split_of(run, [numbers], Sample(split={"group": "hour"}))
    for name, share in {"train": 0.7, "validation": 0.1, "test": 0.2}.items():
        assert abs((split == name).mean() - share) < 4 * np.sqrt(share * (1 - share) / len(run))


def test_groups_that_cannot_be_kept_together_are_refused():
    events = event_list(3)
    torn = events.assign(hour=events.entry % 50 + 0.5)
    split = {"train": 0.9, "validation": 0.1, "test": 0, "runs": {"test": [1601]}}
    chosen = Sample(split={**split, "group": "hour"})
    with pytest.raises(RunsieveError, match=r"50 values of 'hour', such as 0\.5, are in runs"):
        build_sample(torn, chosen, CLASSES, "s")
    with pytest.raises(RunsieveError, match="'channel' differs between the channels of event"):
        build_sample(events, Sample(split={"group": "channel"}), CLASSES, "s")


def test_zero_has_no_sign_in_a_group():
    events = event_list(3)
    events["hour"] = np.where(events.entry % 2, 0.0, 7.0)
    signed = events.assign(hour=np.where(events.entry % 2, -0.0, 7.0))
    chosen = Sample(split={"train": 0.4, "validation": 0.3, "test": 0.3, "group": "hour"})
    found = [group_keys(one, chosen, "s")[0].tolist() for one in (events, signed)]
    assert found[0] == found[1]
