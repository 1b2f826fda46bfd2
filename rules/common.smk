from itertools import chain

from snakemake.cli import get_argument_parser

from runsieve.code import fingerprint
from runsieve.config.load import read, read_main
from runsieve.errors import RunsieveError
from runsieve.models import catalogue
from runsieve.plan.checks import checked, state
from runsieve.plan.page import page_of
from runsieve.plan.plan import Plan
from runsieve.plan.provenance import (
    described_jobs,
    effective_configuration,
    known_jobs,
    origin_of_runs,
    training_files,
)
from runsieve.plan.targets import (
    analyses_with,
    displays,
    repeated_files,
    scores_of_folds,
)
from runsieve.reports.registry import FIGURES, TABLES
from runsieve.simulate.models import DETECTORS

NUMBERS = ("run", "event", "seed")


def is_check():
    """True if Snakemake runs the target `check` alone, which lists all mistakes itself.

    Snakemake knows its targets only after it has parsed this file.
    """
    asked, _ = get_argument_parser().parse_known_args(sys.argv[1:])
    jobs = [job.rulename for job in asked.target_jobs or ()]
    return not asked.dryrun and {*(asked.targets or ()), *jobs} == {"check"}


try:
    ROOTS = {root: workflow.pathvars.apply(f"<{root}>") for root in ("data", "results")}
    LOADED, MISTAKES = read(config, catalogue())
    # What is left of analyses with mistakes; `check` looks for more of them in their files.
    CHECKED = [Plan(loaded, ROOTS) for loaded in LOADED.values()]
    CHECKING = "check" in " ".join(sys.argv) and is_check()
    if workflow.is_main_process or CHECKING:  # other jobs parse this file again
        MISTAKES += repeated_files(CHECKED)
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


def setting(name):
    """A params function: a value from the configuration of a job's analysis."""
    return lambda wildcards: getattr(plan(wildcards).settings, name)


def displayed_events(wildcards):
    """Paths of the displays of all events that the configuration names."""
    try:
        return displays(PLANS, MAIN.display)
    except RunsieveError as error:
        raise WorkflowError(str(error))


def results(wildcards):
    """Files of an analysis that the page shows, but for those that tell how they were made."""
    (files,) = [page.results() for page in PAGES if page.name == wildcards.analysis]
    return files


def captions():
    """Captions of all figures by name, which the page shows as well."""
    folder = Path(workflow.basedir) / "report"
    return {file.stem: file.read_text(encoding="utf-8") for file in sorted(folder.glob("*.rst"))}


def shown(path, caption, **labels):
    """A file in Snakemake's report, below its analysis and, if it is of one, its sample."""
    return report(
        path,
        caption=f"../report/{caption}.rst",
        category="{analysis}",
        subcategory="{sample}" if "{sample}" in path else "data and comparison",
        labels=labels,
    )


def table(path, caption, name):
    """A table in Snakemake's report, with the caption of the figure of its numbers."""
    return shown(path, caption, model="all", what=name, kind="table")


def figure(path, caption, figure, model="all"):
    """The two files of a figure; Snakemake's report includes the SVG."""
    svg, png = layout.both(path)
    return [shown(svg, caption, model=model, what=figure, kind="figure"), png]


def model_figure(name):
    """The two files of a figure of one model."""
    return figure(layout.model_figure(name), name, figure=name.replace("_", " "), model="{model}")
