"""What the page shows about an analysis, from its plan."""

from runsieve import layout
from runsieve.plan.curves import fewer_samples
from runsieve.plan.plan import Plan
from runsieve.plan.scored import absent_scored_runs, scored_models, scored_runs
from runsieve.plan.scored_reports import scores_on_page
from runsieve.reports.page.files import (
    AnalysisFiles,
    ModelFiles,
    NullSampleFiles,
    SampleFiles,
    ScoredFiles,
)
from runsieve.reports.registry import FIGURES, TABLES

EXPLANATIONS = {
    "mean attributions": layout.ATTRIBUTION_FIGURE,
    "single events": layout.EXPLAINED_EVENTS_FIGURE,
    "feature maps": layout.FEATURE_MAPS_FIGURE,
}


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
        unit=settings.report.unit or "",
        good_runs=settings.good_runs,
        not_good=list(plan.loaded.not_good),
        baseline=settings.baseline,
        oracle=settings.oracle,
        statistics=plan.path(layout.STATISTICS),
        ratios=plan.path(layout.RATIOS),
        cutflow=plan.path(layout.CUTFLOW),
        pooled=plan.path(layout.POOLED_CUTFLOW),
        comparison=plan.path(layout.COMPARISON),
        comparison_long=plan.path(layout.COMPARISON_LONG),
        display=plan.path(layout.DISPLAY),
        figures={name: plan.path(f"{path}.svg") for name, path in figures.items()},
        samples=[_sample(plan, name) for name in plan.compared()],
        models=[_model(plan, *pair) for pair in plan.compared_models()],
        null_tests=plan.path(layout.NULL_TESTS) if plan.null_tests() else None,
        null_samples=[_null_sample(plan, name) for name in plan.null_test_names()],
        shifts=plan.path(layout.SHIFTS) if plan.shifted() else None,
        cross_tests=plan.path(layout.CROSS_TESTS) if plan.cross_tests() else None,
        scored=[_scored(plan, *pair) for pair in scored_models(plan)]
        if scores_on_page(plan)
        else [],
        provenance=plan.path(layout.PROVENANCE),
        configuration=plan.path(layout.CONFIGURATION),
        resources=plan.path(layout.RESOURCES),
        hosts=plan.path(layout.HOSTS),
        pictures={
            number: plan.path(layout.PICTURES, run=number)
            for number, run in plan.runs.items()
            if plan.written(number) and not run.simulated and not plan.absence(number)
        },
    )


def _sample(plan: Plan, sample: str) -> SampleFiles:
    figures = {"decision": layout.DECISION_FIGURE, "roc": layout.ROC_FIGURE}
    contaminated = plan.contaminated(sample)
    if contaminated:
        figures["contamination"] = layout.CONTAMINATION_FIGURE
    gallery = bool(plan.gallery_inputs(sample))
    if gallery:
        figures["gallery"] = layout.GALLERY_FIGURE
    mistaken = gallery and len(plan.classes(sample)) > 2
    if mistaken:
        figures["mistaken"] = layout.MISTAKEN_FIGURE
    curve = bool(fewer_samples(plan, sample))
    if curve:
        figures["learning_curve"] = layout.LEARNING_CURVE_FIGURE
    cleaned = plan.is_cleaned(sample)
    if cleaned:
        figures["doubted"] = layout.DOUBTED_FIGURE
    tables = {"cleaning": layout.CLEANING, "cleaned_models": layout.CLEANED_MODELS}
    tables |= {"doubted": layout.DOUBTED}
    return SampleFiles(
        name=sample,
        named_runs=plan.named_runs(sample),
        drawn=plan.path(layout.DRAWN, sample=sample),
        duplicates=plan.path(layout.DUPLICATES, sample=sample),
        pairs=plan.path(layout.PAIRS, sample=sample),
        purity=plan.purity(sample),
        decision=plan.path(layout.DECISION, sample=sample),
        contamination=plan.path(layout.CONTAMINATION, sample=sample) if contaminated else None,
        cleaning={name: plan.path(path, sample=sample) for name, path in tables.items() if cleaned},
        learning_curve=plan.path(layout.LEARNING_CURVE, sample=sample) if curve else None,
        mistaken=plan.path(layout.MISTAKEN, sample=sample) if mistaken else None,
        gallery=plan.path(layout.GALLERY, sample=sample) if gallery else None,
        figures={name: plan.path(f"{path}.svg", sample=sample) for name, path in figures.items()},
    )


def _null_sample(plan: Plan, sample: str) -> NullSampleFiles:
    return NullSampleFiles(
        name=sample,
        named_runs=plan.named_runs(sample),
        drawn=plan.path(layout.DRAWN, sample=sample),
        models=[_model(plan, sample, model) for model in plan.models(sample)],
    )


def _model(plan: Plan, sample: str, model: str) -> ModelFiles:
    """A model; networks also have a figure of their training, and a card of each training.

    Those of null tests have no card: they are not for use. With folds there is a card of each, and
    the figure of the training is that of the first.
    """

    def path(template: str) -> str:
        return plan.path(template, sample=sample, model=model)

    network, folds = plan.is_network(model), plan.folds(sample)
    training = ["training"] if network else []
    shown = [*FIGURES, *training]
    carded = network and sample in plan.compared()
    cards = {
        (seed, place): plan.path(layout.CARD, sample=part, model=model, seed=seed)
        for seed in plan.seeds(sample, model)
        for place, part in enumerate(folds or [sample], 1)
    }
    return ModelFiles(
        sample=sample,
        model=model,
        seeds=plan.seeds(sample, model),
        metrics=path(layout.METRICS),
        efficiency_text=path(layout.EFFICIENCY_TEXT),
        tables={name: path(layout.table(name)) for name in TABLES},
        figures={name: path(f"{layout.model_figure(name)}.svg") for name in shown},
        rates=plan.rates(sample, model),
        cards={
            f"card of {_training(*key, len(folds))}": file for key, file in cards.items() if carded
        },
        folds=len(folds),
        diagnoses={
            _training(seed, place, len(folds)): file
            for seed, files in plan.diagnoses(sample, model).items()
            for place, file in enumerate(files, 1)
        },
        history=plan.of_drawn(layout.HISTORY, sample, model) if network else None,
        explanation={
            name: plan.of_drawn(f"{figure}.svg", sample, model)
            for name, figure in EXPLANATIONS.items()
            if carded
        },
    )


def _scored(plan: Plan, sample: str, model: str) -> ScoredFiles:
    """Scored runs, with the first seed of a model."""
    seed = plan.seeds(sample, model)[0]

    def path(template: str, **wildcards: object) -> str:
        return plan.path(template, sample=sample, model=model, seed=seed, **wildcards)

    figures = {"scored_spectrum": layout.SCORED_SPECTRUM_FIGURE}
    figures |= {"stability": layout.STABILITY_FIGURE}
    runs = scored_runs(plan)
    return ScoredFiles(
        sample=sample,
        model=model,
        spectrum=path(layout.SCORED_SPECTRUM),
        stability=path(layout.STABILITY),
        kept=path(layout.KEPT_EVENTS),
        figures={name: path(f"{figure}.svg") for name, figure in figures.items()},
        friends={run: path(layout.RUN_SCORES, run=run) for run in runs},
        tables={run: path(layout.RUN_SCORE_TABLE, run=run) for run in runs},
        left_out=absent_scored_runs(plan),
    )


def _training(seed: int, place: int, folds: int) -> str:
    """What a training is called in the texts of links."""
    return f"seed {seed}" + (f", fold {place}" if folds else "")
