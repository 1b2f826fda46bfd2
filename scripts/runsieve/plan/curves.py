"""What the rules need to know of learning curves: samples with fewer training events."""

from runsieve import layout
from runsieve.errors import RunsieveError
from runsieve.plan.plan import Plan


def fewer_samples(plan: Plan, sample: str) -> list[str]:
    """The samples with fewer training events that a learning curve is made of; none without."""
    numbers = sorted(set(plan.settings.samples[sample].learning_curve))
    return [layout.fewer(sample, number) for number in numbers]


def training_events(plan: Plan, sample: str) -> int:
    """Training events of each class of such a sample. Raises RunsieveError for any other."""
    whole = layout.whole(sample)
    if sample not in fewer_samples(plan, whole):
        raise RunsieveError(f"sample {whole}: there is no {sample}; see its learning_curve")
    return int(sample.rpartition("events")[2])


def curve_trainings(plan: Plan, sample: str) -> list[tuple[str, str]]:
    """Combinations (model, sample) of a learning curve, the whole sample last."""
    parts = [*fewer_samples(plan, sample), sample]
    return [(model, part) for model in plan.models(sample) for part in parts]


def curve_scores(plan: Plan, sample: str) -> list[str]:
    """Scores of `curve_trainings`, with the first seed."""
    seed = plan.settings.seeds[0]
    trained = [(part, model, seed) for model, part in curve_trainings(plan, sample)]
    return plan.of(layout.SCORES, trained)
