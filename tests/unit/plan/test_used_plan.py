"""What is used of samples: columns, arrays, and their digests."""

import pytest

from helpers.plans import plan_of

SAMPLE = "results/study/samples/all"


@pytest.mark.parametrize(
    ("model", "seen", "scored"),
    [
        ("small", [], ["energy"]),
        ("trees", [], ["energy"]),
        ("bins", ["veto"], ["veto", "energy"]),
    ],
)
def test_columns_of_a_model(model, seen, scored):
    plan = plan_of({"keep": ["energy", "veto"], "models": {"bins": {"column": "veto"}}})
    assert plan.seen_columns(model) == seen
    assert plan.scored_columns(model) == scored


def test_digests_of_a_sample_and_of_columns():
    assert plan_of().digests("all", ["energy"]) == [
        f"{SAMPLE}/digest.json",
        f"{SAMPLE}/columns/energy.sha256",
    ]


def test_a_fold_has_the_columns_of_its_sample():
    assert plan_of({"samples": {"all": {"folds": 2}}}).digests("all/fold2", ["energy"]) == [
        f"{SAMPLE}/fold2/digest.json",
        f"{SAMPLE}/columns/energy.sha256",
    ]


def test_all_digests_are_named_once():
    plan = plan_of({"samples": {"all": {"folds": 2}, "other": {"models": ["trees"]}}})
    found = plan.all_digests()
    assert len(found) == len(set(found))
    assert found[:4] == [
        f"{SAMPLE}/digest.json",
        f"{SAMPLE}/columns/energy.sha256",
        f"{SAMPLE}/fold1/digest.json",
        f"{SAMPLE}/fold2/digest.json",
    ]
    assert found[4:] == [one.replace("/all/", "/other/") for one in found[:2]]


def test_all_arrays_are_those_of_models_and_of_the_truth():
    plan = plan_of()
    names = [path.removeprefix(f"{SAMPLE}/") for path in plan.all_arrays()]
    assert names == ["waveform.npy", "numbers.npy", "ratio.npy"]
