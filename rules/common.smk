from functools import cache
from itertools import chain
from types import SimpleNamespace

from snakemake.cli import get_argument_parser

from runsieve.code import fingerprint as fingerprint_of
from runsieve.config.load import read, read_main
from runsieve.config.places import MAIN as MAIN_FILE
from runsieve.errors import RunsieveError
from runsieve.ingest.folders import listing
from runsieve.models import catalogue
from runsieve.plan.checks import checked, state
from runsieve.plan.cleaning import (
    judging_scores,
    scores_after,
    scores_before,
    trained_before_and_after,
)
from runsieve.plan.curves import curve_scores, curve_trainings, training_events
from runsieve.plan.displays import displays, found_galleries, found_scores
from runsieve.plan.explanations import (
    explain_settings,
    explained_inputs,
    explained_network,
    explaining_code,
    explanations,
    gallery_of,
)
from runsieve.plan.exports import (
    described_inputs,
    exported_facts,
    exported_network,
    exports,
)
from runsieve.plan.page import page_of
from runsieve.plan.plan import Plan
from runsieve.plan.provenance import (
    described_jobs,
    effective_configuration,
    known_jobs,
    origin_of_runs,
    training_files,
)
from runsieve.plan.scored import (
    branch_prefixes,
    picture_files,
    pictures_to_score,
    run_to_score,
    scored_files,
    scoring_models,
    scoring_sources,
)
from runsieve.plan.scored_reports import (
    described_runs,
    masses_of,
    reported_files,
    scored_simulation,
    scores_of_runs,
)
from runsieve.plan.searches import (
    fitted,
    found_models,
    search_of,
    threads_of,
    workers_of,
)
from runsieve.plan.targets import (
    analyses_with,
    cleaned_samples,
    frozen_samples,
    missing_files,
    repeated_files,
    scores_of_folds,
    undrawn_samples,
)
from runsieve.reports.registry import FIGURES, TABLES
from runsieve.runs.folders import Folders
from runsieve.simulate.models import DETECTORS

known_fingerprint = cache(fingerprint_of)
NUMBERS = ("run", "event", "seed")


def placed(template):
    """A path of `layout` with its folders filled in, in a module below the prefix.

    Only while this file is parsed: afterwards Snakemake's `workflow` is no longer that of a module.
    """
    return workflow.pathvars.apply(workflow.modifier.path_modifier.replace_prefix(template))


PAGE = placed(layout.PAGE)


def is_check():
    """True if Snakemake runs the target `check` alone, which lists all mistakes itself.

    Snakemake knows its targets only after it has parsed this file. The workflow of which this is a
    module gives the target a name of its own, or does not take it.
    """
    check = workflow.modifier.avail_rulename("check")
    if check is None or check not in " ".join(sys.argv):
        return False
    asked, _ = get_argument_parser().parse_known_args(sys.argv[1:])
    jobs = [job.rulename for job in asked.target_jobs or ()]
    return not asked.dryrun and {*(asked.targets or ()), *jobs} == {check}


try:
    ROOTS = {root: placed(f"<{root}>") for root in ("data", "results")}
    GIVEN = workflow.modifier.skip_configfile  # by the workflow of which this is a module
    LOADED, MISTAKES = read(config, catalogue(), "config of the module" if GIVEN else MAIN_FILE)
    # What is left of analyses with mistakes; `check` looks for more of them in their files.
    FOLDERS = Folders()
    CHECKED = [Plan(loaded, ROOTS, FOLDERS) for loaded in LOADED.values()]
    CHECKING = is_check()
    # Snakemake drops errors of input functions where outputs exist, so all files are looked for
    # before any job. Other jobs, which parse this file again, look for those of their run alone.
    if workflow.is_main_process or CHECKING:
        MISTAKES += repeated_files(CHECKED) + undrawn_samples(CHECKED)
    if workflow.is_main_process and not CHECKING:  # `check` names them with all else that it finds
        MISTAKES += missing_files(CHECKED)
    if MISTAKES and not CHECKING:
        raise RunsieveError("\n".join(MISTAKES))
    PLANS = {} if MISTAKES else {plan.name: plan for plan in CHECKED}
    MAIN = read_main(config)
    PAGES = [page_of(plan) for plan in PLANS.values()]
except RunsieveError as error:
    raise WorkflowError(str(error))


def plan(wildcards):
    """The plan of the analysis that a job belongs to."""
    return PLANS[wildcards.analysis]


def ask(question, *keys):
    """An input or params function: calls a method of the plan with the values of wildcards."""

    def answer(wildcards):
        values = [getattr(wildcards, key) for key in keys]
        values = [int(v) if key in NUMBERS else v for key, v in zip(keys, values)]
        try:
            return getattr(plan(wildcards), question)(*values)
        except RunsieveError as error:
            raise WorkflowError(str(error))

    return answer


def fingerprint(*scripts):
    """A params function: the fingerprint of the code behind a rule.

    It is made for rules that have jobs alone: other jobs parse this file again, and have one rule.
    """
    return lambda wildcards: known_fingerprint(*scripts)


def setting(name):
    """A params function: a value from the configuration of a job's analysis."""
    return lambda wildcards: getattr(plan(wildcards).settings, name)


def order(wildcards):
    """A params function: all models of a job's analysis, in the order that colours follow."""
    return list(plan(wildcards).settings.models)


def with_formats(files):
    """Files, and those of their figures in the other formats that are asked for."""
    return layout.in_formats(files, MAIN.figure_formats)


def skips(wildcards, threads):
    """A params function: whether a damaged run is left out.

    Because it takes `threads`, Snakemake does not track it: what was selected from sound runs stays
    valid. `summarise_data` tracks it, and refuses runs that are left out where they must not be.
    """
    return plan(wildcards).skips_runs


def gathered(**questions):
    """An input function for arrays of a sample and the digests of their contents.

    An array counts as changed only where its digest has: many are too large to be compared.
    """

    def answer(wildcards):
        found = {name: ask(*question)(wildcards) for name, question in questions.items()}
        digests = [layout.digest(path) for paths in found.values() for path in paths]
        arrays = {name: local(ancient(paths)) for name, paths in found.items()}
        return {**arrays, "digests": local(list(dict.fromkeys(digests)))}

    return answer


def drawn(*question, sample="sample"):
    """An input function for the events of a sample and the digests of what is used of them.

    The events count as changed only where others are drawn, or where the columns have changed that
    the question to the plan answers with.
    """

    def answer(wildcards):
        one, name = plan(wildcards), getattr(wildcards, sample)
        columns = ask(*question)(wildcards) if question else []
        events = ancient(one.path(layout.SAMPLE_EVENTS, sample=name))
        return {"events": local(events), "drawn": local(one.digests(name, columns))}

    return answer


def searched(wildcards):
    """An input function: what the model of a search sees of its sample."""
    try:
        search = search_of(plan(wildcards), wildcards.search)
    except RunsieveError as error:
        raise WorkflowError(str(error))
    seen = SimpleNamespace(analysis=wildcards.analysis, sample=search.sample, model=search.model)
    arrays = gathered(arrays=("arrays", "sample", "model"))(seen)
    return {**drawn("seen_columns", "model")(seen), **arrays}


def tuned_models(wildcards):
    """Files with the best models of all searches."""
    try:
        return with_formats(found_models(PLANS))
    except RunsieveError as error:
        raise WorkflowError(str(error))


def drawn_samples(wildcards):
    """Digests of all samples, of their folds and of their columns that something uses."""
    return [file for one in PLANS.values() for file in one.all_digests()]


def gathered_arrays(wildcards):
    """Digests of all arrays that models see or that tell the truth."""
    arrays = [array for one in PLANS.values() for array in one.all_arrays()]
    return [layout.digest(array) for array in arrays]


def network_to_export(wildcards):
    """The file of a network; a baseline is refused."""
    try:
        return exported_network(
            plan(wildcards), wildcards.sample, wildcards.model, int(wildcards.seed)
        )
    except RunsieveError as error:
        raise WorkflowError(str(error))


def network_to_explain(wildcards):
    """The file of a network; a baseline is refused."""
    try:
        return explained_network(
            plan(wildcards), wildcards.sample, wildcards.model, int(wildcards.seed)
        )
    except RunsieveError as error:
        raise WorkflowError(str(error))


def explained_networks(wildcards):
    """Figures of the explanations of all networks."""
    return with_formats(explanations(PLANS))


def exported_networks(wildcards):
    """ONNX files of all networks."""
    return exports(PLANS)


def displayed_events(wildcards):
    """Paths of the displays of all events that the configuration names."""
    try:
        return displays(PLANS, MAIN.display)
    except RunsieveError as error:
        raise WorkflowError(str(error))


def scored_runs(wildcards):
    """Friend trees with the scores of whole runs."""
    return [file for one in PLANS.values() for file in scored_files(one, layout.RUN_SCORES)]


def scored_pictures(wildcards):
    """Tables with the scores of pictures without labels."""
    try:
        return [file for one in PLANS.values() for file in picture_files(one)]
    except RunsieveError as error:
        raise WorkflowError(str(error))


def reported_scores(wildcards):
    """Reports of scored runs; the friend trees are made by the same jobs as what these are from."""
    spectra = f"{layout.SCORED_SPECTRUM_FIGURE}.svg"
    files = [file for one in PLANS.values() for file in reported_files(one, spectra)]
    return with_formats(files)


def results(wildcards):
    """Files of an analysis that the page shows, but for those that tell how they were made."""
    (files,) = [page.results() for page in PAGES if page.name == wildcards.analysis]
    return with_formats(files)


def shown_files(wildcards):
    """All files that the page shows or links."""
    files = [file for page in PAGES for file in page.files()]
    return with_formats(files)


def captions():
    """Captions of all figures by name, which the page shows as well."""
    files = sorted((HERE / "report").glob("*.rst"))
    return {file.stem: file.read_text(encoding="utf-8") for file in files}


def shown(path, caption, **labels):
    """A file in Snakemake's report, below its analysis and, if it is of one, its sample."""
    return report(
        path,
        caption=f"../report/{caption}.rst",
        category="{analysis}",
        subcategory="{sample}" if "{sample}" in path else "data and comparison",
        labels=labels,
    )


def table(path, caption, name, model="all"):
    """A table in Snakemake's report, with the caption of the figure of its numbers."""
    return shown(path, caption, model=model, what=name, kind="table")


def figure(path, caption, figure, model="all"):
    """The files of a figure; Snakemake's report includes the SVG."""
    svg, *others = layout.figure_files(path, MAIN.figure_formats)
    return [shown(svg, caption, model=model, what=figure, kind="figure"), *others]


def model_figure(name):
    """The files of a figure of one model."""
    return figure(layout.model_figure(name), name, figure=name.replace("_", " "), model="{model}")
