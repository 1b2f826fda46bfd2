"""What a plan says of networks that are explained."""

import pytest

from helpers.plans import plan_of
from runsieve.errors import RunsieveError
from runsieve.plan.explanations import (
    explained_inputs,
    explained_network,
    explaining_code,
    explanations,
    gallery_of,
)


def test_the_networks_of_all_samples_that_are_compared():
    changes = {"samples": {"halves": {"folds": 2}, "null": {"null_test": True}}}
    assert explanations({"study": plan_of(changes)}) == [
        f"results/study/explanations/{sample}/small/seed4/attribution.svg"
        for sample in ("all", "halves/fold1")
    ]


def test_a_baseline_is_refused():
    plan = plan_of()
    assert explained_network(plan, "all", "small", 5).endswith("all/small/seed5/model.keras")
    with pytest.raises(RunsieveError, match=r"models\.trees: only networks can be explained"):
        explained_network(plan, "all", "trees", 4)


def test_events_of_the_gallery_where_there_is_one():
    changes = {"samples": {"halves": {"folds": 2}, "null": {"null_test": True}}}
    plan = plan_of(changes)
    assert gallery_of(plan, "all") == ["results/study/reports/all/gallery.csv"]
    assert gallery_of(plan, "halves/fold1") == gallery_of(plan, "null") == []


def test_inputs_and_code():
    plan = plan_of()
    assert set(explained_inputs(plan, "small")) == {"waveform"}
    assert explaining_code(plan, "small") == explaining_code(plan, "small")


@pytest.mark.parametrize(
    ("quiet", "sentence"),
    [
        ({"waveforms": {"stop": 5}}, "explain.quiet.waveforms: there is no input 'waveforms'"),
        ({"numbers": {"stop": 1}}, "explain.quiet.numbers: samples are those of waveforms"),
        ({"waveform": {"stop": 101}}, "explain.quiet.waveform: ends at 101, but a segment has 100"),
    ],
)
def test_quiet_samples_must_be_there(quiet, sentence):
    from runsieve.config.explain_checks import check_explain

    (found,) = check_explain(plan_of({"explain": {"quiet": quiet}}).settings)
    assert found.startswith(sentence)
    assert (
        list(check_explain(plan_of({"explain": {"quiet": {"waveform": {"stop": 9}}}}).settings))
        == []
    )


def test_quiet_samples_are_in_order():
    from runsieve.config.explain import Quiet

    with pytest.raises(ValueError, match="start before stop expected, found 5 and 5"):
        Quiet(start=5, stop=5)
