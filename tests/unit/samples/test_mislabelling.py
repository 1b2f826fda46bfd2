"""Wrong labels that are made on purpose."""

import numpy as np
import pytest

from helpers.samples import event_list
from runsieve.config.sample import Sample
from runsieve.samples.drawing import build_sample
from runsieve.samples.mislabelling import mislabel

CLASSES = ["signal", "background"]


@pytest.fixture
def drawn():
    settings = Sample.model_validate({"balance": "none"})
    return build_sample(event_list(1, 4000), settings, CLASSES, "all")[0]


def test_the_fraction_of_training_and_validation_events_gets_the_other_label(drawn):
    found = mislabel(drawn, 0.1, CLASSES, 1)
    changed = found["class"] != drawn["class"]
    assert (changed == found["mislabelled"]).all()
    assert (found["label"] == found["class"].map(CLASSES.index)).all()
    used = drawn["split"] != "test"
    assert not changed[~used].any()
    error = np.sqrt(0.1 * 0.9 / used.sum())
    assert abs(changed[used].mean() - 0.1) < 5 * error
    assert found.drop(columns=["class", "label", "mislabelled"]).equals(
        drawn.drop(columns=["class", "label"])
    )


def test_the_same_events_are_chosen_in_any_order_and_others_with_another_seed(drawn):
    shuffled = drawn.sample(frac=1, random_state=1)
    again = mislabel(shuffled, 0.3, CLASSES, 1).sort_index()
    assert again.equals(mislabel(drawn, 0.3, CLASSES, 1))
    assert not again["mislabelled"].equals(mislabel(drawn, 0.3, CLASSES, 2)["mislabelled"])


def test_of_several_other_classes_each_is_as_likely(drawn):
    classes = [*CLASSES, "third", "fourth"]
    found = mislabel(drawn.assign(label=2, **{"class": "third"}), 0.99, classes, 1)
    numbers = found.loc[found["mislabelled"], "class"].value_counts(normalize=True)
    assert set(numbers.index) == {"signal", "background", "fourth"}
    assert numbers.between(0.3, 0.37).all()
