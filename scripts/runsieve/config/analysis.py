"""Settings of one analysis and of the workflow as a whole."""

from typing import Annotated, Any, Literal

from pydantic import Field, field_validator, model_validator

from runsieve.config.base import EVENT, Channel, Name, Positive, Seed, Settings, Title
from runsieve.config.cleaned import with_inherited
from runsieve.config.columns import Column
from runsieve.config.explain import Explain
from runsieve.config.friends import Friend
from runsieve.config.ingest import Ingest
from runsieve.config.inputs import Input
from runsieve.config.model import ModelSettings
from runsieve.config.report import Report
from runsieve.config.sample import Sample
from runsieve.config.scores import Scores
from runsieve.config.search import Search
from runsieve.config.selection import EventClass, Selection
from runsieve.config.shift import Shift
from runsieve.config.working_point import WorkingPoint


class Simulation(Settings):
    """The detector model that writes the runs for which the run sheet names no file."""

    model: Name = Field(description="name of the detector model")
    seed: Seed = Field(1, description="seed of all runs; each run has a stream of its own")
    scale: dict[Name, Annotated[float, Field(gt=0, le=1000)]] = Field(
        default_factory=dict, description="kind of run: factor on the events of the run sheet"
    )
    parameters: dict[str, Any] = Field(
        default_factory=dict, description="parameters of the detector model"
    )


class Truth(Settings):
    """Which class each simulated process belongs to, whatever class the cuts put an event in."""

    input: Name = Field(description="input of one integer per event, the number of the process")
    processes: dict[Name, list[Annotated[int, Field(ge=-(2**63), lt=2**63)]]] = Field(
        description="class: numbers of its processes; an empty list takes all others"
    )

    @model_validator(mode="after")
    def _unambiguous(self) -> "Truth":
        numbers = [number for listed in self.processes.values() for number in listed]
        for number in numbers:
            if numbers.count(number) > 1:
                raise ValueError(f"processes: {number} is listed twice")
        if sum(not listed for listed in self.processes.values()) > 1:
            raise ValueError("processes: only one list can be empty")
        return self


class Analysis(Settings):
    """One analysis, from the branches of its runs to its reports."""

    title: Title = Field(description="heading of its report")
    description: str = Field("", description="a sentence or two below the heading")
    extends: Name | None = Field(
        None,
        description="analysis to take values from where this one gives none (null removes a key)",
    )
    include_in_all: bool = Field(True, description="false: runs only when named, not with all")
    runs: str | None = Field(
        None, description="run sheet (default: runs/ANALYSIS.tsv in the same folder as `analyses`)"
    )
    runs_per_job: int = Field(
        1,
        ge=1,
        le=10_000,
        description="runs that one job selects, those of neighbouring numbers: with 50, runs 1600 "
        "to 1649; saves time where the runs of a campaign are small",
    )
    good_runs: str | None = Field(
        None,
        description="file with the numbers of approved runs, and ranges of them; other runs of the "
        "run sheet are left out (default: all are good)",
    )
    missing_runs: Literal["error", "skip"] = Field(
        "error",
        description="a run with a missing or damaged file: error stops, skip leaves the run out, "
        "and cut flow, cards and page name it",
    )
    tree: str = Field("event", description="tree, RNTuple or HDF5 group with one entry per trigger")
    channels: list[Channel] = Field(default=[0], min_length=1, description="channels in use")
    channel_name: Title = Field(
        "channel", description="what a channel is called in tables and plots"
    )
    masses: dict[Channel, Positive] = Field(
        default_factory=dict,
        description="channel: mass in kg, of all channels; rates of background are then per kg",
    )
    columns: dict[Name, Column] = Field(
        description="column: branch, expression over branches ({channel} is filled in), or a "
        "function of a Python file; event is required"
    )
    friends: dict[Name, Friend] = Field(
        default_factory=dict,
        description="other trees with values of the same events; columns and inputs read a branch "
        "of one as NAME.BRANCH",
    )
    keep: list[Name] = Field(
        default_factory=list, description="columns that are stored in the event list"
    )
    selection: Selection = Selection()
    classes: dict[Name, EventClass] = Field(
        min_length=2, description="the classes; of two the first is the signal"
    )
    inputs: dict[Name, Input] = Field(default_factory=dict, description="what models see")
    samples: dict[Name, Sample] = Field(min_length=1, description="sets of events to train on")
    models: dict[Name, ModelSettings] = Field(min_length=1, description="networks and baselines")
    models_from: list[str] = Field(
        default_factory=list,
        description="files with further `models`, such as `best.yaml` of a search",
    )
    searches: dict[Name, Search] = Field(
        default_factory=dict,
        description="searches for hyper-parameters that `snakemake tune` runs, by the name of the "
        "model to be found",
    )
    seeds: list[Seed] = Field(default=[1], min_length=1, description="seeds of the training")
    baseline: Name | None = Field(None, description="model that the others must beat")
    oracle: Name | None = Field(None, description="model that no other can beat")
    truth: Truth | None = Field(
        None, description="the class of the process that was simulated, beside the cuts' class"
    )
    working_points: dict[Name, WorkingPoint] = Field(
        default={
            "efficiency90": WorkingPoint(signal_efficiency=0.9),
            "half": WorkingPoint(score=0.5),
        },
        min_length=1,
        description="thresholds on the score; of two classes, the first at a fixed signal "
        "efficiency is where rejections are compared",
    )
    report: Report = Report()
    shifts: dict[Name, Shift] = Field(
        default_factory=dict, description="changes of the test events that models are scored with"
    )
    explain: Explain = Field(
        Explain(), description="explanations of networks, which `snakemake explain` makes"
    )
    ingest: Ingest | None = Field(
        None, description="pictures, where runs are folders or .npz files"
    )
    simulate: Simulation | None = Field(None, description="detector model, where runs have no file")
    scores: Scores = Field(
        Scores(), description="runs that `snakemake scores` scores, and the models that it uses"
    )
    demo: dict[str, Any] = Field(
        default_factory=dict, description="values that differ at demo scale (null removes a key)"
    )

    @model_validator(mode="before")
    @classmethod
    def _cleaned_are_as_their_sample(cls, content: Any) -> Any:
        if not isinstance(content, dict) or "samples" not in content:
            return content
        return content | {"samples": with_inherited(content["samples"])}

    def models_of(self, sample: Sample) -> list[str]:
        """Models that are trained and tested on a sample, in the order of the analysis."""
        if sample.models is not None:
            return [name for name in self.models if name in sample.models]
        return [
            name
            for name, model in self.models.items()
            if sample.null_test or not self.sees_null(model)
        ]

    def models_to_score(self) -> dict[str, list[str]]:
        """By sample, the models that whole runs can be scored with: those of no null test."""
        samples = self.samples.items()
        return {
            name: self.models_of(one)
            for name, one in samples
            if not one.null_test and one.runs_of is None
        }

    def sees_null(self, model: ModelSettings) -> bool:
        """True for a model that sees an input in which nothing should tell the classes apart."""
        return any(
            self.inputs[name].null_test for name in model.inputs_seen() if name in self.inputs
        )


class Main(Settings):
    """config/config.yaml: what to run, and at which scale."""

    analyses: list[str] = Field(
        description="names of files in the folder `analyses`, or all", default=["cosine"]
    )
    folder: str = Field(
        "config",
        description="folder with `analyses` and `runs`, relative to the folder in which Snakemake "
        "starts",
    )
    scale: Literal["demo", "full"] = Field("demo", description="demo: minutes on a workstation")
    display: list[Annotated[str, Field(pattern=EVENT)]] = Field(
        default_factory=list, description="events to draw, as RUN/EVENT: snakemake displays"
    )
    figure_formats: list[Literal["pdf", "png"]] = Field(
        default_factory=list,
        description="formats in which figures are drawn beside SVG: pdf for papers, png for slides",
    )
    scores: Scores | None = Field(
        None,
        description="which runs to score with which models, in place of `scores` of the analysis: "
        "snakemake scores",
    )
    compare_checksums: bool = Field(
        True,
        description="whether snakemake check compares the checksums of run sheets, for which it "
        "reads whole files; false leaves this to the selection",
    )
    pathvars: dict[str, str] = Field(
        default_factory=dict, description="Snakemake's own: other roots for results, logs, …"
    )

    @field_validator("analyses", "display", "figure_formats", mode="before")
    @classmethod
    def _words_are_a_list(cls, value: Any) -> Any:
        return value.replace(",", " ").split() if isinstance(value, str) else value
