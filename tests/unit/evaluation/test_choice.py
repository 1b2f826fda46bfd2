"""The best model is chosen on validation events and compared on test events."""

import numpy as np
import pytest
from scipy.stats import norm
from scipy.stats import t as student

from helpers.paired_scores import EVENTS, TRUE, predictions, trained
from runsieve.errors import RunsieveError
from runsieve.evaluation.choice import Rated, choose
from runsieve.evaluation.delong import Area, area_of, mean_area
from runsieve.evaluation.holm import holm
from runsieve.evaluation.pairs import compare_pairs
from runsieve.intervals import LEVEL


def table_of(scored, **references):
    return choose(scored, **references).set_index("model")


def binary(scores):
    """Two columns from the scores of the signal; only their order matters."""
    return np.column_stack([scores, -scores])


def of_test(predictions):
    test = predictions.part("test")
    return area_of(test.true, test.probability)


def test_the_best_on_validation_is_chosen_even_if_another_is_better_on_test():
    scored = {
        ("modest", 1): trained(1.0, 1, on_validation=2.0),
        ("lucky", 1): trained(2.0, 2, on_validation=1.0),
    }
    table = table_of(scored)
    assert of_test(scored["lucky", 1]).value > of_test(scored["modest", 1]).value + 0.05
    assert table["chosen"].to_dict() == {"modest": True, "lucky": False}
    for (model, _), one in scored.items():
        part = one.part("validation")
        expected = area_of(part.true, part.probability).value
        assert table.validation_auc[model] == pytest.approx(expected)


def test_the_oracle_is_compared_but_never_chosen():
    scored = {("oracle", 1): trained(3, 1, on_validation=3), ("dense", 1): trained(1, 2)}
    table = table_of(scored, oracle="oracle")
    assert table["chosen"].to_dict() == {"oracle": False, "dense": True}
    assert table.p_against_chosen["oracle"] < 1e-6
    lone = table_of({("oracle", 1): scored["oracle", 1]}, oracle="oracle")
    assert not lone["chosen"].any()


def test_compatible_models_are_those_without_a_significant_difference():
    common = np.random.default_rng(101).normal(0, 1, 2 * EVENTS)
    strengths = {"best": (1.5, 3), "equal": (1.5, 1), "close": (1.2, 1), "weak": (0.3, 1)}
    scored = {
        (name, 1): trained(test, place, on_validation, common=common)
        for place, (name, (test, on_validation)) in enumerate(strengths.items())
    }
    table = table_of(scored)
    assert table.chosen.idxmax() == "best"
    assert table.compatible["best"]
    assert np.isnan(table.p_against_chosen["best"])
    others = table.drop(index="best")
    pairs = compare_pairs(scored, 1)
    p = {
        row.other if row.model == "best" else row.model: row.p_auc
        for row in pairs.itertuples()
        if "best" in (row.model, row.other)
    }
    p = [p[name] for name in others.index]
    assert others.p_against_chosen.to_numpy() == pytest.approx(holm(p))
    assert (others.p_against_chosen > p).any()
    assert others.compatible.tolist() == (others.p_against_chosen > 0.05).tolist()
    assert others.compatible["equal"]
    assert not others.compatible["weak"]


def test_without_a_validation_event_of_a_class_none_is_chosen(capsys):
    few = np.zeros(50, dtype=int)
    scored = {(name, 1): trained(1, seed, validation=few) for seed, name in enumerate("ab")}
    table = table_of(scored, baseline="a")
    assert "no model is chosen: a class has no validation event" in capsys.readouterr().out
    assert not table[["chosen", "compatible"]].any(axis=None)
    assert table[["validation_auc", "p_against_chosen"]].isna().all(axis=None)
    assert table.better_than_baseline_sigma.notna().tolist() == [False, True]


def test_the_distance_to_the_baseline_takes_correlations_into_account():
    common = np.random.default_rng(102).normal(0, 2, 2 * EVENTS)
    scored = {
        ("dense", 1): trained(1.3, 1, common=common),
        ("bins", 1): trained(1.0, 2, common=common),
    }
    areas = {model: of_test(one) for (model, _), one in scored.items()}
    gain = areas["dense"] - areas["bins"]
    table = table_of(scored, baseline="bins")
    sigma = table.better_than_baseline_sigma["dense"]
    assert sigma == pytest.approx(gain.value / np.sqrt(gain.variance))
    uncorrelated = np.sqrt(areas["dense"].variance + areas["bins"].variance)
    assert sigma > 1.3 * gain.value / uncorrelated
    assert np.isnan(table.better_than_baseline_sigma["bins"])
    assert table_of(scored).better_than_baseline_sigma.isna().all()
    assert table_of(scored, baseline="absent").better_than_baseline_sigma.isna().all()


def test_seeds_are_averaged_and_their_spread_is_added():
    seeds = {1: 1.2, 2: 1.5, 3: 1.8}
    scored = {("dense", seed): trained(strength, seed) for seed, strength in seeds.items()}
    scored["bins", 1] = trained(0.9, 9, on_validation=0.5)
    areas = [of_test(scored["dense", seed]) for seed in seeds]
    gain = mean_area(areas) - of_test(scored["bins", 1])
    of_seeds = np.var([area.value for area in areas], ddof=1) / 3
    error = np.sqrt(gain.variance + of_seeds)
    freedom = 2 * (error**2 / of_seeds) ** 2
    table = table_of(scored, baseline="bins")
    assert table.better_than_baseline_sigma["dense"] == pytest.approx(gain.value / error)
    half = error * student.ppf((1 + LEVEL) / 2, freedom)
    ends = [f"auc_against_chosen{end}" for end in ("", "_low", "_high")]
    difference = [-gain.value, -gain.value - half, -gain.value + half]
    assert table.loc["bins", ends].tolist() == pytest.approx(difference)
    assert table.loc["dense", ends].isna().all()
    expected = 2 * student.sf(gain.value / error, freedom)
    assert table.p_against_chosen["bins"] == pytest.approx(expected)
    validation = [scored["dense", seed].part("validation") for seed in seeds]
    mean = np.mean([area_of(part.true, part.probability).value for part in validation])
    assert table.validation_auc["dense"] == pytest.approx(mean)


@pytest.mark.parametrize("spread", [0.002, 0.01, 0.05])
def test_p_is_uniform_with_few_seeds(spread):
    """Three seeds against one fitted model; seeds spread less, as much and more than 0.01."""
    rng = np.random.default_rng(3)
    influence, found = np.full(100, 0.001), []
    for _ in range(2000):
        seeds = rng.normal(0, spread, 3)
        value = rng.normal(0, 0.01) + seeds.mean()
        network = Rated(0.8, Area(value, influence), np.var(seeds, ddof=1) / 3, 3)
        fitted = Rated(0.8, Area(0.0, np.zeros(100)), 0.0, 1)
        found.append(network.against(fitted))
    halves = [(abs(one.value), one.half) for one in found]
    found, sigma = np.array([(one.p, one.sigma) for one in found]).T
    # The interval holds what has a p-value above its level.
    assert [value <= half for value, half in halves] == (found >= 1 - LEVEL).tolist()
    assert np.mean(found < 0.32) == pytest.approx(0.32, abs=0.033)
    # Welch's degrees of freedom are an approximation: 7.6 % where seeds spread most.
    assert 0.03 < np.mean(found < 0.05) < 0.09
    assert np.mean(2 * norm.sf(np.abs(sigma)) < 0.05) > np.mean(found < 0.05)
    assert np.mean(found < 0.5) == pytest.approx(0.5, abs=0.05)


def test_the_interval_of_the_chosen_model_needs_no_correction():
    """Five models of equal strength: chosen on validation, test intervals cover 68 %."""
    rng, true = np.random.default_rng(4), np.arange(100) % 2
    expected = 0.760250  # of scores that are apart by one standard deviation
    covered = {"validation": [], "test": []}
    for _ in range(1000):
        parts = {
            split: [area_of(true, binary(rng.normal(0.5 - true, 1))) for _ in range(5)]
            for split in covered
        }
        for split, areas in parts.items():
            area = parts["test"][int(np.argmax([area.value for area in areas]))]
            covered[split].append(abs(area.value - expected) <= np.sqrt(area.variance))
    # 1000 experiments know the coverage to 1.5 %.
    assert np.mean(covered["validation"]) == pytest.approx(0.683, abs=0.045)
    assert np.mean(covered["test"]) < 0.55


def test_other_events_are_an_error():
    scored = {("a", 1): predictions(1, 1), ("b", 1): predictions(1, 1, 1 - TRUE)}
    with pytest.raises(RunsieveError, match="model b with seed 1 was not scored on the same"):
        choose(scored)
