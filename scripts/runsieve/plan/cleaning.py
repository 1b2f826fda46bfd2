"""What the rules need to know to clean samples, and to report what that did."""

from runsieve import layout
from runsieve.plan.plan import Plan


def judging_scores(plan: Plan, sample: str) -> list[str]:
    """Scores of the model that judges the labels of a cleaned sample, of each fold."""
    model, seed = plan.settings.samples[sample].cleaned.model, plan.settings.seeds[0]
    return plan.of(layout.SCORES, [(fold, model, seed) for fold in plan.judging_folds(sample)])


def trained_before_and_after(plan: Plan, sample: str) -> list[tuple[str, int]]:
    """Combinations (model, seed) of a cleaned sample that its origin has as well."""
    before = plan.trainings(plan.origin(sample))
    return [one for one in plan.trainings(sample) if one in before]


def scores_before(plan: Plan, sample: str) -> list[str]:
    """Scores of `trained_before_and_after` on the sample that is cleaned."""
    origin, both = plan.origin(sample), trained_before_and_after(plan, sample)
    return plan.of(layout.SCORES, [(origin, *one) for one in both])


def scores_after(plan: Plan, sample: str) -> list[str]:
    """Scores of `trained_before_and_after` on the cleaned sample."""
    both = trained_before_and_after(plan, sample)
    return plan.of(layout.SCORES, [(sample, *one) for one in both])
