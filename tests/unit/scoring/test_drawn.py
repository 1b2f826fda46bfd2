"""Events of a run are marked with the split that a sample has drawn them into."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from runsieve.config.base import SPLITS
from runsieve.config.sample import Sample
from runsieve.errors import RunsieveError
from runsieve.samples.drawing import build_sample
from runsieve.scoring.drawn import UNDRAWN, Drawn


def event_list(number: int) -> pd.DataFrame:
    entry = np.arange(number)
    return pd.DataFrame(
        {
            "run": 1 + entry % 2,
            "entry": 3 * entry,
            "event": 100 + 7 * entry,
            "channel": entry % 3,
            "class": np.where(entry % 5 < 2, "signal", "background"),
            "energy": entry / 10,
        }
    )


def drawn_from(events: pd.DataFrame, settings: Sample) -> pd.DataFrame:
    return build_sample(events, settings, ["signal", "background"], "one")[0]


@given(st.integers(0, 2**31))
def test_each_drawn_event_has_its_split_and_no_other_event_has_one(seed):
    split = {"train": 0.4, "validation": 0.3, "test": 0.3}
    events, settings = event_list(300), Sample(seed=seed, limit=90, split=split)
    sample = drawn_from(events, settings)
    for run in (1, 2):
        drawn = Drawn.of(sample, run, settings)
        for channel in (0, 1, 2):
            mine = events[(events.run == run) & (events.channel == channel)]
            found = drawn.splits(channel, mine.entry.to_numpy(), mine.event.to_numpy())
            split = mine.merge(sample, on=["run", "event", "channel"], how="left")["split"]
            expected = [UNDRAWN if pd.isna(one) else SPLITS.index(one) for one in split]
            assert found.tolist() == expected


def test_a_channel_or_run_without_drawn_events():
    sample = drawn_from(event_list(60), Sample(channels=[0, 1]))
    entries = np.arange(5)
    assert (Drawn.of(sample, 1, Sample()).splits(2, entries, entries) == UNDRAWN).all()
    assert (Drawn.of(sample, 9, Sample()).splits(0, entries, entries) == UNDRAWN).all()


def test_an_entry_that_holds_another_event_now():
    sample = drawn_from(event_list(60), Sample())
    one = sample[sample.run == 1].iloc[0]
    drawn = Drawn.of(sample, 1, Sample())
    with pytest.raises(RunsieveError, match=rf"entry {one.entry} holds event 5.*{one.event} was"):
        drawn.splits(one.channel, np.array([one.entry]), np.array([5]))


@pytest.mark.parametrize("group", [None, "energy"])
def test_folds_of_drawn_events_and_of_others_follow_one_hash(group):
    settings = Sample(folds=3, split={"group": group}, limit=60)
    events = event_list(400)
    sample = drawn_from(events, settings)
    whole = drawn_from(events, settings.model_copy(update={"limit": None, "balance": "none"}))
    for run in (1, 2):
        drawn = Drawn.of(sample, run, settings)
        for channel, part in whole[whole.run == run].groupby("channel"):
            part = part.sort_values("entry").reset_index(drop=True)
            entries = part.entry.to_numpy()
            found = drawn.folds(run, channel, entries, part[["event", "energy"]])
            assert found.tolist() == part.fold.tolist()
            split = drawn.splits(channel, entries, part.event.to_numpy())
            assert set(split) == {UNDRAWN, SPLITS.index("test")}
