"""Cleaning a sample: which labels are doubted, and what is left of the sample."""

import numpy as np
import pandas as pd
import pytest

from helpers.samples import event_list
from runsieve.config.sample import Sample
from runsieve.errors import RunsieveError
from runsieve.samples.cleaning import doubted_labels, in_judging_folds, without
from runsieve.samples.drawing import build_sample
from runsieve.samples.folds import split_fold
from runsieve.samples.mislabelling import mislabel

CLASSES = ["signal", "background"]
CLEANED = {"of": "all", "model": "dnn", "folds": 4}
RULE = "prune_by_noise_rate"


def sample(**settings) -> tuple[pd.DataFrame, Sample]:
    """A sample with wrong labels, and the settings of the cleaned one."""
    drawn = Sample.model_validate(settings)
    events, _ = build_sample(event_list(1), drawn, CLASSES, "all")
    cleaned = Sample.model_validate({**settings, "cleaned": CLEANED})
    return mislabel(events, 0.1, CLASSES, 1), cleaned


def judged(events: pd.DataFrame, settings: Sample, separation: float = 4.0) -> list[pd.DataFrame]:
    """Scores of each fold by models that know the true label, as good as the separation."""
    folded = in_judging_folds(events, settings, "all")
    true = folded["label"].where(~folded["mislabelled"], 1 - folded["label"])
    logit = np.random.default_rng(1).normal(separation * (0.5 - true))
    signal = 1 / (1 + np.exp(-separation * logit))
    scores = folded.assign(p_signal=signal, p_background=1 - signal)
    return [split_fold(scores, fold) for fold in range(1, CLEANED["folds"] + 1)]


def test_every_training_and_validation_event_is_judged_in_one_fold():
    events, settings = sample()
    folds = judged(events, settings)
    tested = pd.concat([one[one["split"] == "test"] for one in folds])
    used = events[events["split"] != "test"]
    assert sorted(tested["row"]) == sorted(used["row"])
    for one in folds:
        assert set(one["row"]) == set(used["row"])
        others = one[one["split"] != "test"]
        assert (others["split"] == events.set_index("row")["split"][others["row"]].values).all()


def test_wrong_labels_are_found():
    events, settings = sample()
    found = doubted_labels(events, judged(events, settings), CLASSES, RULE)
    wrong = set(events.loc[events["mislabelled"], "row"])
    right = len(wrong & set(found["row"]))
    assert right / len(wrong) > 0.8 and right / len(found) > 0.8
    assert found["p_given"].is_monotonic_increasing
    assert not (found["split"] == "test").any()
    first = found.iloc[0]
    assert first["class"] != first["suggested"]
    assert first["reason"] == (
        f"{first['suggested']} has {first['p_suggested']:.3f}, "
        f"{first['class']} has {first['p_given']:.3f}"
    )


@pytest.mark.parametrize("change", ["twice", "missing", "other"])
def test_scores_must_be_of_all_events_once(change):
    events, settings = sample()
    folds = judged(events, settings)
    if change == "twice":
        folds[1] = folds[0]
    elif change == "missing":
        folds = folds[1:]
    else:
        folds[0] = folds[0].assign(event=folds[0]["event"] + 1_000_000)
    with pytest.raises(RunsieveError, match=r"^cleaning: "):
        doubted_labels(events, folds, CLASSES, RULE)


@pytest.mark.parametrize("balance", ["undersample", "weights", "none"])
def test_test_events_stay_and_classes_have_equal_weights_again(balance):
    events, settings = sample(balance=balance)
    found = doubted_labels(events, judged(events, settings), CLASSES, RULE)
    kept, table = without(events, found, settings, CLASSES)
    tested = events[events["split"] == "test"].reset_index(drop=True)
    assert kept[kept["split"] == "test"].reset_index(drop=True).equals(tested)
    assert len(kept) == len(events) - len(found)
    assert not set(kept["row"]) & set(found["row"])
    assert table["available"].sum() == len(events) and table["drawn"].sum() == len(kept)
    for split in ("train", "validation"):
        weight = kept[kept["split"] == split].groupby("class")["weight"].sum()
        if balance == "none":
            assert (weight == kept[kept["split"] == split].groupby("class").size()).all()
        else:
            assert weight["signal"] == pytest.approx(weight["background"])


def test_a_class_that_is_doubted_as_a_whole_is_an_error():
    events, settings = sample()
    doubted = events[(events["split"] == "train") & (events["class"] == "signal")]
    with pytest.raises(RunsieveError, match=r"class 'signal' in the train split are doubted"):
        without(events, doubted, settings, CLASSES)
