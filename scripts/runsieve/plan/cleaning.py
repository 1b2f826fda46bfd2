"""What the rules need to know to clean samples, and to report what that did."""

from runsieve import layout
from runsieve.plan.plan import Plan


def judging_scores(plan: Plan, sample: str) -> list[str]:
    """Scores of the model that judges the labels of a cleaned sample, of each fold."""
    model = plan.settings.samples[sample].cleaned.model
    trainings = [(model, plan.settings.seeds[0])]
    return [file for fold in plan.judging_folds(sample) for file in _scores(plan, fold, trainings)]


def trained_before_and_after(plan: Plan, sample: str) -> list[tuple[str, int]]:
    """Combinations (model, seed) of a cleaned sample that its origin has as well."""
    before = plan.trainings(plan.origin(sample))
    return [one for one in plan.trainings(sample) if one in before]


def scores_before(plan: Plan, sample: str) -> list[str]:
    """Scores of `trained_before_and_after` on the sample that is cleaned."""
    return _scores(plan, plan.origin(sample), trained_before_and_after(plan, sample))


def scores_after(plan: Plan, sample: str) -> list[str]:
    """Scores of `trained_before_and_after` on the cleaned sample."""
    return _scores(plan, sample, trained_before_and_after(plan, sample))


def _scores(plan: Plan, sample: str, trainings: list[tuple[str, int]]) -> list[str]:
    return [
        plan.path(layout.SCORES, sample=sample, model=model, seed=seed) for model, seed in trainings
    ]
