"""What a file of scores says of itself."""

from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from runsieve.config.base import SPLITS
from runsieve.runs.scored import stamps
from runsieve.scoring.asked import RunToScore
from runsieve.scoring.branches import Branches
from runsieve.scoring.drawn import UNDRAWN

PACKAGES = ("numpy", "uproot", "awkward", "keras", "tensorflow-cpu", "scikit-learn")


def about_run(
    asked: RunToScore, branches: Branches, models: Sequence[str], told: Mapping[str, Any]
) -> dict[str, Any]:
    """The run, its files, the models, cuts and thresholds that scores were made with.

    models: their files; told: what else is said, such as the names of sample and model
    """
    return {
        **told,
        "run": asked.run,
        "tree": asked.tree,
        "files": stamps(asked.files),
        "models": stamps(models),
        "classes": list(branches.classes),
        "cuts": dict(asked.cuts),
        "triggers": asked.triggers,
        "working_points": {
            one.name: {
                "asked for": one.settings.model_dump(mode="json", exclude_none=True),
                "thresholds": list(one.thresholds),
                **({"by fold": dict(one.by_fold)} if one.by_fold else {}),
            }
            for one in branches.decisions
            if one.settings is not None
        },
        "splits": {name: place for place, name in enumerate(SPLITS)} | {"none": UNDRAWN},
        "versions": {name: found for name in PACKAGES if (found := _version(name))},
    }


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
