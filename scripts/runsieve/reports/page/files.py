"""The contents of the page: texts of analyses, and the files that it is built from."""

from pydantic import Field

from runsieve.config.base import Settings


class ModelFiles(Settings):
    """A model on a sample, and the files that the page shows for it.

    tables, figures: path by name; figures are SVG files
    cards: path by the text of its link; one of each training, thus of each seed and fold
    folds: number of folds, whose first the figure of the training is of; 0 without
    diagnoses: path by the text of its link, one of each training, as `cards`
    history: epochs of the training that is drawn
    explanation: path by the text of its link; drawn on request, and linked if it exists
    """

    sample: str
    model: str
    seeds: list[int]
    metrics: str
    efficiency_text: str
    tables: dict[str, str]
    figures: dict[str, str]
    cards: dict[str, str] = Field(default_factory=dict)
    folds: int = 0
    rates: str | None = None
    diagnoses: dict[str, str] = Field(default_factory=dict)
    history: str | None = None
    explanation: dict[str, str] = Field(default_factory=dict)

    def files(self) -> list[str]:
        """All files, for the inputs of the page's job."""
        optional = [path for path in (self.rates, self.history) if path is not None]
        of_trainings = [*self.cards.values(), *self.diagnoses.values()]
        tables = [*self.tables.values(), *of_trainings, *optional]
        shown = [self.metrics, self.efficiency_text, *tables]
        return [*shown, *self.figures.values()]


class SampleFiles(Settings):
    """A sample, and the files that the page shows for it.

    named_runs: those that it is drawn from, where its settings name them
    contamination: table of all models, where a class may be contaminated
    gallery: examples of events, where a model sees what can be drawn; mistaken: those of pairs of
        classes, where there are more than two
    learning_curve: models trained on fewer events, if asked for
    cleaning: tables of a cleaned sample: what was found, models before and after, doubted labels
    """

    name: str
    named_runs: list[int] = Field(default_factory=list)
    drawn: str
    duplicates: str
    pairs: str
    decision: str
    figures: dict[str, str]
    purity: str | None = None
    contamination: str | None = None
    gallery: str | None = None
    mistaken: str | None = None
    learning_curve: str | None = None
    cleaning: dict[str, str] = Field(default_factory=dict)

    def files(self) -> list[str]:
        """All files, for the inputs of the page's job."""
        optional = [
            one
            for one in (
                self.purity,
                self.contamination,
                self.gallery,
                self.mistaken,
                self.learning_curve,
            )
            if one is not None
        ]
        tables = [self.drawn, self.duplicates, self.pairs, self.decision, *optional]
        tables += self.cleaning.values()
        return [*tables, *self.figures.values()]


class NullSampleFiles(Settings):
    """A sample of a null test, and the files that the page shows for it; see `SampleFiles`."""

    name: str
    named_runs: list[int] = Field(default_factory=list)
    drawn: str
    models: list[ModelFiles]

    def files(self) -> list[str]:
        """All files, for the inputs of the page's job."""
        return [self.drawn, *(file for model in self.models for file in model.files())]


class ScoredFiles(Settings):
    """Runs that were scored with a model, and the files that the page shows of them.

    friends, tables: scores by run, as friend trees and as tables; figures as in `ModelFiles`;
        left_out: by run, why it is not scored, although it is asked for
    """

    sample: str
    model: str
    spectrum: str
    stability: str
    kept: str
    figures: dict[str, str]
    friends: dict[int, str]
    tables: dict[int, str]
    left_out: dict[int, str] = Field(default_factory=dict)

    def files(self) -> list[str]:
        """All files, for the inputs of the page's job."""
        of_runs = [*self.friends.values(), *self.tables.values()]
        return [self.spectrum, self.stability, self.kept, *of_runs, *self.figures.values()]


class AnalysisFiles(Settings):
    """An analysis as the page shows it; tables and figures as in `ModelFiles`.

    classes: names in the order of the labels; unit: of the report's variable; titles: display name
        by class, including runs that are the classes of a sample; good_runs, not_good: the good-run
        list, and runs that it does not name; pooled: sums of the cut flows; comparison_long: the
        comparison, one number per row; display: of one event, with `{run}` and `{event}` for its
        numbers, which is drawn on demand; null_tests, shifts, cross_tests:
        tables, if there are any; scored: runs that were scored, if the analysis asks for them;
        pictures: table by run, of runs that are ingested; provenance, configuration, resources,
        hosts: how the results were made
    """

    name: str
    title: str
    description: str
    channel_name: str
    classes: list[str]
    titles: dict[str, str]
    unit: str = ""
    good_runs: str | None = None
    not_good: list[int] = Field(default_factory=list)
    baseline: str | None
    oracle: str | None
    statistics: str
    ratios: str
    cutflow: str
    pooled: str
    comparison: str
    comparison_long: str
    display: str
    figures: dict[str, str]
    samples: list[SampleFiles]
    models: list[ModelFiles]
    null_tests: str | None = None
    null_samples: list[NullSampleFiles] = Field(default_factory=list)
    shifts: str | None = None
    cross_tests: str | None = None
    scored: list[ScoredFiles] = Field(default_factory=list)
    provenance: str
    configuration: str
    resources: str
    hosts: str
    pictures: dict[int, str] = Field(default_factory=dict)

    def files(self) -> list[str]:
        """All files, for the inputs of the page's job."""
        return [*self.results(), self.provenance, self.configuration, self.resources, self.hosts]

    def results(self) -> list[str]:
        """All files but those that say how the others were made."""
        tables = [self.statistics, self.ratios, self.cutflow, self.pooled]
        tables += [self.comparison, self.comparison_long, *self.pictures.values()]
        optional = (self.null_tests, self.shifts, self.cross_tests)
        tables += [table for table in optional if table is not None]
        parts = [*self.samples, *self.models, *self.null_samples, *self.scored]
        return [
            *tables,
            *self.figures.values(),
            *(file for part in parts for file in part.files()),
        ]
