"""Settings of scoring whole runs with trained models, and the runs that are scored."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

from pydantic import Field, field_validator

from runsieve.config.base import Settings
from runsieve.config.found_runs import numbers_of
from runsieve.config.run_sheet import Run, read_run_sheet

RUNS = r"^\d+(-\d+)?$"
MODEL = r"^[A-Za-z]\w*/[A-Za-z]\w*$"


class Scores(Settings):
    """Which runs `snakemake scores` scores, and with which trained models."""

    sheet: str | None = Field(
        None,
        description="run sheet of runs that nothing is trained or tested on (default: the runs of "
        "the analysis)",
    )
    runs: list[Annotated[str, Field(pattern=RUNS)]] = Field(
        default_factory=list,
        description="numbers of the runs and ranges such as 1000-1999 (default: all that a "
        "class takes events from)",
    )
    models: list[Annotated[str, Field(pattern=MODEL)]] = Field(
        default_factory=list,
        description="models as SAMPLE/MODEL (default: of each sample that is no null test the "
        "first model that is neither baseline nor oracle)",
    )
    pictures: str | None = Field(
        None,
        description="folder of pictures without labels, for `snakemake picture_scores`",
    )
    triggers: Literal["selected", "all"] = Field(
        "selected",
        description="selected: events that pass the cuts that all classes share; all: every "
        "trigger in which the channel was hit",
    )

    @field_validator("runs", "models", mode="before")
    @classmethod
    def _words_are_a_list(cls, value: Any) -> Any:
        if isinstance(value, str | int):
            value = str(value).replace(",", " ").split()
        return [str(one) if isinstance(one, int) else one for one in value]

    def over(self, other: "Scores") -> "Scores":
        """These settings where they are given, else those of `other`."""
        return other.model_copy(
            update={name: getattr(self, name) for name in self.model_fields_set}
        )

    def names(self, run: int) -> bool:
        """True if a run is one of `runs`."""
        ranges = [numbers_of(word) or (int(word),) for word in self.runs]
        return not ranges or any(run in numbers for numbers in ranges)


@dataclass(frozen=True)
class ScoredRuns:
    """What is scored.

    settings: which runs and models
    others: runs of a sheet of their own, of which nothing is trained or tested
    """

    settings: Scores = field(default_factory=Scores)
    others: tuple[Run, ...] = ()


def scored_runs(
    settings: Scores,
    known: Sequence[Run],
    kinds: Iterable[str],
    models: Mapping[str, Sequence[str]],
    place: str,
) -> tuple[ScoredRuns, list[str]]:
    """What is scored, and a sentence for each mistake.

    known: runs of the analysis; kinds: of runs that it has cuts or simulations for; models: those
    that can be scored, by sample; place: where the settings are from
    """
    sheet = None if settings.sheet is None else read_run_sheet(settings.sheet)
    errors = [] if sheet is None else list(sheet.errors)
    others = () if sheet is None else tuple(sheet.runs.values())
    errors += _wrong_runs(settings, known, others, set(kinds), place)
    errors += _wrong_models(settings, models, place)
    return ScoredRuns(settings, others), errors


def _wrong_runs(
    settings: Scores, known: Sequence[Run], others: Sequence[Run], kinds: set[str], place: str
) -> Iterator[str]:
    numbers = {run.run for run in known}
    for run in others:
        if run.run in numbers:
            yield (
                f"{settings.sheet}: run {run.run} is in the run sheet of the analysis; name it in "
                "scores.runs, without a sheet"
            )
        if run.kind not in kinds:
            yield (
                f"{settings.sheet}: run {run.run} is of the kind '{run.kind}'; the analysis has "
                f"runs of {', '.join(sorted(kinds))}"
            )
    have = [run.run for run in (others if settings.sheet else known)]
    for word in settings.runs:
        wanted = numbers_of(word) or (int(word),)
        if not any(number in wanted for number in have):
            where = settings.sheet or "the run sheet of the analysis"
            yield f"{place}: scores.runs: {where} has no run {word}"


def _wrong_models(
    settings: Scores, models: Mapping[str, Sequence[str]], place: str
) -> Iterator[str]:
    for word in settings.models:
        sample, model = word.split("/")
        if sample not in models:
            yield (
                f"{place}: scores.models: there is no sample '{sample}' with models to score; "
                f"expected one of {', '.join(models)}"
            )
        elif model not in models[sample]:
            yield (
                f"{place}: scores.models: sample '{sample}' has no model '{model}'; expected one "
                f"of {', '.join(models[sample])}"
            )
