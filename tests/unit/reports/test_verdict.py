"""The verdict on a sample follows from its evidence."""

from dataclasses import replace

import pytest

from runsieve.reports.page.verdict import (
    LIMITED,
    NOTHING,
    USABLE,
    Evidence,
    headline_of,
    judge_sample,
)


def row(model, **changes):
    values = {
        "model": model,
        "seeds": "1 2",
        "chosen": False,
        "compatible": True,
        "validation_auc": 0.9,
        "better_than_baseline_sigma": 12.0,
        "auc_spread": 0.001,
        "auc_low": 0.91,
        "auc_high": 0.93,
        "accuracy_mean": 0.9,
        "accuracy_total_low": 0.88,
        "accuracy_total_high": 0.92,
    }
    return values | changes


def point(**changes):
    values = {"working_point": "efficiency90", "asked_for": "signal_efficiency", "class": "signal"}
    values |= {"threshold": 0.7679, "target": 0.9, "signal": 900, "background": 1000}
    values |= {"efficiency": 0.906, "efficiency_low": 0.896, "efficiency_high": 0.916}
    values |= {"rejection": 0.85, "rejection_low": 0.84, "rejection_high": 0.86}
    values |= {"closure": 0.006, "closure_low": -0.02, "closure_high": 0.015}
    return values | changes


MODELS = ("best", "second", "third", "truth")
EVIDENCE = Evidence(
    rows=[
        row("second", validation_auc=0.91),
        row("best", chosen=True, validation_auc=0.92),
        row("third", compatible=False),
        row("truth", validation_auc=0.99),
    ],
    points={model: [point(), point(working_point="half", asked_for="score")] for model in MODELS},
    events={"signal": 900, "background": 1000},
    oracle="truth",
    baseline="third",
    titles={"signal": "scintillation"},
)


def with_point(**changes):
    return replace(EVIDENCE, points={model: [point(**changes)] for model in MODELS})


def with_best(**changes):
    return replace(EVIDENCE, rows=[row("best", chosen=True, **changes), row("second")])


def test_what_is_usable_and_where_to_cut():
    verdict = judge_sample(EVIDENCE)
    assert (verdict.level, verdict.model) == (USABLE, "best")
    assert (verdict.compatible, verdict.doubtful, verdict.limits) == (("second",), (), ())
    assert verdict.sentences == (
        "Use best, which has the largest AUC on validation events (0.9200); second (0.9100) is as "
        "good within the errors of test events.",
        "Cut at a score of 0.768 of seed 1 (efficiency90): it keeps 90.6 ±\u20091.0 % of "
        "scintillation and rejects 85.0 ±\u20091.0 % of background.",
    )


def test_the_oracle_and_models_that_differ_are_not_named():
    text = " ".join(judge_sample(EVIDENCE).sentences)
    assert "truth" not in text and "third" not in text


def test_a_model_with_a_diagnosis_gives_way_to_the_next():
    fired = {"best": {1: ["Overfits."], 2: []}}
    verdict = judge_sample(replace(EVIDENCE, fired=fired))
    assert (verdict.level, verdict.model, verdict.doubtful) == (LIMITED, "second", ("best",))
    assert verdict.sentences[0] == (
        "Use second, with an AUC of 0.9100 on validation events; best, which has the largest "
        "(0.9200), is set aside because a diagnosis fired."
    )
    (limit,) = verdict.limits
    assert limit.text == "best is as good, but a diagnosis fired in seed 1"


def test_few_events_of_many_classes_are_one_limit():
    events = {"signal": 99, "background": 1000, "c": 40, "d": 12, "e": 60}
    points = {"best": [point() | {"class": name} for name in events]}
    titles = {"d": "dark noise"}
    verdict = judge_sample(replace(EVIDENCE, events=events, points=points, titles=titles))
    (limit,) = verdict.limits
    assert limit.text == ("fewer than 100 test events of 4 of 5 classes (fewest of dark noise, 12)")


def test_where_diagnoses_fired_for_all_nothing_is_usable():
    fired = {"best": {1: ["a"], 2: ["b"]}, "second": {1: ["c"]}}
    verdict = judge_sample(replace(EVIDENCE, fired=fired))
    assert (verdict.level, verdict.model, verdict.point) == (NOTHING, None, None)
    assert verdict.sentences == (
        "No model is usable: of best and second, the best, diagnoses fired.",
    )
    assert "seeds 1 and 2" in verdict.limits[0].text


def test_without_a_choice_there_is_no_verdict():
    rows = [row("one", compatible=False), row("two", compatible=False)]
    verdict = judge_sample(replace(EVIDENCE, rows=rows))
    assert (verdict.level, verdict.sentences) == (NOTHING, ("No model was chosen.",))


@pytest.mark.parametrize(
    ("evidence", "kind", "text"),
    [
        (replace(EVIDENCE, failed=["runs"]), "null tests", "the null test runs fails"),
        (
            with_point(closure=-0.03, closure_low=-0.04, closure_high=-0.02),
            "closure",
            "on test events it realises 3.0 % below its target",
        ),
        (
            with_point(closure=0.05, closure_low=0.03, closure_high=0.06),
            "closure",
            "on test events it realises 5.0 % above its target",
        ),
        (
            replace(EVIDENCE, contamination={"best": (0.17, 0.15, 0.2)}),
            "contamination",
            "17.0 +3.0/\u22122.0 % of background are like the signal, which limits the rejection",
        ),
        (
            replace(EVIDENCE, events={"signal": 99, "background": 1000}),
            "events",
            "only 99 test events of scintillation",
        ),
        (
            with_point(rejection=0.991, rejection_low=0.99, rejection_high=0.995),
            "events",
            "only 9 background events pass the cut",
        ),
        (
            with_best(auc_spread=0.02),
            "seeds",
            "its seeds differ by more than the statistical error of one",
        ),
        (
            with_best(better_than_baseline_sigma=1.2),
            "baseline",
            "it is only 1.2 \u03c3 above third",
        ),
        (replace(EVIDENCE, baseline="best"), "baseline", "no model is better than the baseline"),
    ],
)
def test_each_limit(evidence, kind, text):
    verdict = judge_sample(evidence)
    assert verdict.level == LIMITED
    assert [(limit.kind, limit.text) for limit in verdict.limits] == [(kind, text)]


@pytest.mark.parametrize(
    "evidence",
    [
        with_point(closure=0.03, closure_low=0.01, closure_high=0.05),
        with_point(closure=None, closure_low=None, closure_high=None),
        replace(EVIDENCE, contamination={"best": (0.019, 0.01, 0.03)}),
        replace(EVIDENCE, contamination={"best": (float("nan"),) * 3}),
        replace(EVIDENCE, contamination={"second": (0.2, 0.1, 0.3)}),
        replace(EVIDENCE, events={"signal": 100, "background": 1000}),
        with_point(rejection=0.99),
        with_best(auc_spread=None),
        with_best(auc_spread=0.01),
        with_best(better_than_baseline_sigma=None),
    ],
)
def test_no_limit(evidence):
    assert judge_sample(evidence).limits == ()


def bins(name, *values):
    """Bins of width 1 from 0 with the upper ends of their intervals."""
    return [
        {"class": name, "working_point": "efficiency90", "variable": "energy"}
        | {"low": float(low), "high": low + 1.0, "efficiency_high": value}
        | {"efficiency": None if value is None else value - 0.05}
        for low, value in enumerate(values)
    ]


def test_a_model_that_knows_its_training_events_is_limited():
    known = replace(EVIDENCE, training={"best": (0.001, 0.99, 0.92)})
    (limit,) = judge_sample(known).limits
    assert limit.kind == "training"
    assert limit.text.startswith(
        "it has memorised training events (AUC 0.990, of test events 0.920)"
    )
    for training in ((0.02, 0.99, 0.92), (0.001, 0.91, 0.92), (float("nan"), 0.99, 0.92)):
        assert judge_sample(replace(EVIDENCE, training={"best": training})).limits == ()


def test_bins_in_which_a_cut_is_bad_are_named():
    rows = [*bins("signal", 0.4, 0.49, 0.5, None, 0.1), *bins("background", 0.9, 0.3)]
    other = [{**row, "working_point": "half"} for row in bins("signal", 0.1)]
    limits = judge_sample(replace(EVIDENCE, bins={"best": rows + other})).limits
    assert [(limit.kind, limit.text) for limit in limits] == [
        (
            "bins",
            "it keeps less than half of scintillation in energy 0 to 2 (35 to 44 %) and 4 to 5 "
            "(5 %)",
        ),
        ("bins", "it rejects less than half of background in energy 1 to 2 (25 %)"),
    ]
    assert judge_sample(replace(EVIDENCE, bins={"second": rows})).limits == ()


def test_without_bins_none_is_named():
    rows = [{**row, "low": None, "high": None} for row in bins("signal", 0.1)]
    assert judge_sample(replace(EVIDENCE, bins={"best": rows})).limits == ()


def test_many_classes_have_no_threshold_to_quote():
    points = {model: [point(), point(**{"class": "muon"})] for model in MODELS}
    verdict = judge_sample(replace(EVIDENCE, points=points))
    assert verdict.point is None
    assert verdict.sentences[1] == "It assigns 90.0 ±\u20092.0 % of the test events to their class."


def test_the_verdict_quotes_the_working_point_at_a_fixed_efficiency():
    half = point(asked_for="score", working_point="half")
    assert headline_of([half, point()])["working_point"] == "efficiency90"
    assert headline_of([half])["working_point"] == "half"
    assert headline_of([]) is None


def test_a_threshold_that_could_not_be_chosen_is_not_quoted():
    verdict = judge_sample(with_point(threshold=None, rejection=None))
    assert len(verdict.sentences) == 1


def test_the_truth_is_that_of_the_same_seed_and_working_point():
    by_truth = [point(working_point="half", rejection=0.8), point(rejection=0.991)]
    said = judge_sample(replace(EVIDENCE, truth={"best": by_truth, "second": [point()]})).sentences
    assert (
        "rejects 85.0 \u00b1\u20091.0 % of background (99.1 % if judged by the simulation)"
        in said[1]
    )
    assert "judged by" not in judge_sample(EVIDENCE).sentences[1]
