"""What the page shows about an analysis, from its plan."""

from runsieve import layout
from runsieve.plan.plan import Plan
from runsieve.reports.page.files import AnalysisFiles, ModelFiles, NullSampleFiles, SampleFiles
from runsieve.reports.registry import FIGURES, TABLES


def page_of(plan: Plan) -> AnalysisFiles:
    """Texts and files of an analysis for the page."""
    settings = plan.settings
    figures = {
        "statistics": layout.STATISTICS_FIGURE,
        "cutflow": layout.CUTFLOW_FIGURE,
        "comparison": layout.COMPARISON_FIGURE,
        **({"cross_tests": layout.CROSS_TESTS_FIGURE} if plan.cross_tests() else {}),
        **({"null_tests": layout.NULL_TESTS_FIGURE} if plan.null_tests() else {}),
        **({"shifts": layout.SHIFTS_FIGURE} if plan.shifted() else {}),
    }
    titles = [plan.sample_titles(name) for name in settings.samples]
    return AnalysisFiles(
        name=plan.name,
        title=settings.title,
        description=settings.description,
        channel_name=settings.channel_name,
        classes=list(settings.classes),
        titles=plan.titles() | {name: one for some in titles for name, one in some.items()},
        baseline=settings.baseline,
        oracle=settings.oracle,
        statistics=plan.path(layout.STATISTICS),
        ratios=plan.path(layout.RATIOS),
        cutflow=plan.path(layout.CUTFLOW),
        comparison=plan.path(layout.COMPARISON),
        figures={name: plan.path(f"{path}.svg") for name, path in figures.items()},
        samples=[_sample(plan, name) for name in plan.compared()],
        models=[_model(plan, *trained) for trained in plan.trained()],
        null_tests=plan.path(layout.NULL_TESTS) if plan.null_tests() else None,
        null_samples=[_null_sample(plan, name) for name in plan.null_test_names()],
        shifts=plan.path(layout.SHIFTS) if plan.shifted() else None,
        pictures={
            number: plan.path(layout.PICTURES, run=number)
            for number, run in plan.runs.items()
            if run.ingested
        },
        recorded={
            number: (run.files, run.checksums)
            for number, run in plan.runs.items()
            if not (run.simulated or run.ingested)
        },
    )


def _sample(plan: Plan, sample: str) -> SampleFiles:
    return SampleFiles(
        name=sample,
        drawn=plan.path(layout.DRAWN, sample=sample),
        duplicates=plan.path(layout.DUPLICATES, sample=sample),
        pairs=plan.path(layout.PAIRS, sample=sample),
        figures={"roc": plan.path(f"{layout.ROC_FIGURE}.svg", sample=sample)},
    )


def _null_sample(plan: Plan, sample: str) -> NullSampleFiles:
    trained = [one for one in plan.null_tests() if one[0] == sample]
    return NullSampleFiles(
        name=sample,
        drawn=plan.path(layout.DRAWN, sample=sample),
        models=[_model(plan, *one) for one in trained],
    )


def _model(plan: Plan, sample: str, model: str, seed: int) -> ModelFiles:
    """A trained model; networks also have a figure of their training, and a card.

    Those of null tests have no card: they are not for use. Where a class is contaminated, there are
    a table and a figure of it. The page shows the first seed in full, so these and the figure of
    the training are made for it alone. With folds there is a card of each, and the figure of the
    training is that of the first.
    """

    def path(template: str, sample: str = sample) -> str:
        return plan.path(template, sample=sample, model=model, seed=seed)

    network, first = plan.is_network(model), seed == plan.settings.seeds[0]
    contamination = ["contamination"] if first and plan.contaminated(sample) else []
    figures = {
        name: path(f"{layout.model_figure(name)}.svg") for name in [*FIGURES, *contamination]
    }
    folds = plan.folds(sample)
    if first and network:
        shown = folds[0] if folds else sample
        figures["training"] = path(f"{layout.model_figure('training')}.svg", shown)
    cards = {
        f"card.md of fold {place}": path(layout.CARD, fold) for place, fold in enumerate(folds, 1)
    }
    carded = network and sample in plan.compared()
    return ModelFiles(
        sample=sample,
        model=model,
        seed=seed,
        metrics=path(layout.METRICS),
        efficiency_text=path(layout.EFFICIENCY_TEXT),
        tables={name: path(layout.table(name)) for name in [*TABLES, *contamination]},
        figures=figures,
        rates=plan.rates(sample, model, seed),
        cards=(cards or {"card.md": path(layout.CARD)}) if carded else {},
        folds=len(folds),
    )
