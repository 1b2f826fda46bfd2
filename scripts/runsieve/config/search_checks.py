"""Checks of searches: their models and samples, and the settings that their ranges lead to."""

from collections.abc import Iterator

from pydantic import ValidationError

from runsieve.config.analysis import Analysis
from runsieve.config.messages import sentences
from runsieve.config.model import ModelSettings
from runsieve.config.references import unknown
from runsieve.config.search import Search, shown, with_values

# Ranges of these would compare what cannot be compared, or what the AUC does not depend on.
FIXED = ("type", "seeds", "calibration")


def check_searches(analysis: Analysis) -> Iterator[str]:
    """Contradictions of the searches of an analysis, as sentences that start with the key."""
    for name, search in analysis.searches.items():
        key = f"searches.{name}"
        yield from unknown(f"{key}.model", "model", search.model, analysis.models)
        yield from unknown(f"{key}.sample", "sample", search.sample, analysis.samples)
        if search.sample in analysis.samples:
            sample = analysis.samples[search.sample]
            if sample.null_test:
                yield f"{key}.sample: '{search.sample}' is a null test, where no model is better"
            if sample.folds is not None:
                yield f"{key}.sample: '{search.sample}' has folds; a search needs one split"
        if search.model in analysis.models:
            yield from _check_ranges(f"{key}.ranges", search, analysis)


def _check_ranges(key: str, search: Search, analysis: Analysis) -> Iterator[str]:
    """The first setting that a model cannot have."""
    start = analysis.models[search.model]
    for setting in search.ranges:
        if setting.split(".")[0] in FIXED:
            yield f"{key}.{setting}: no range can be searched for it"
            return
    for values in search.corners():
        problem = _problem(start, values, analysis)
        if problem is not None:
            yield f"{key}: '{search.model}' with {shown(values)}: {problem}"
            return


def _problem(start: ModelSettings, values: dict, analysis: Analysis) -> str | None:
    """What is wrong with the settings of a model at some values; None if nothing is."""
    try:
        settings = with_values(start.model_dump(mode="json"), values)
        found = type(start).model_validate(settings)
    except KeyError as error:
        return f"'{error.args[0]}' names no setting"
    except ValidationError as error:
        return sentences(error, type(start), "")[0]
    for seen in ("inputs_seen", "columns_seen", "user_files"):
        if getattr(found, seen)() != getattr(start, seen)():
            return "what the model sees must stay the same"
    return next((f"{part}: {text}" for part, text in found.problems(analysis.inputs)), None)
