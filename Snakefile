import sys
from pathlib import Path

from snakemake.exceptions import WorkflowError
from snakemake.utils import min_version

min_version("9.27")
sys.path.insert(0, str(Path(workflow.basedir) / "scripts"))

from runsieve import layout
from runsieve.failures import failed_run, finished_run
from runsieve.submission import prefer

# Of a cluster's commands those come first that wait while Slurm does not answer.
prefer(Path(workflow.basedir) / "profiles/slurm/bin")


configfile: "config/config.yaml"


pathvars:
    data="data",


wildcard_constraints:
    **layout.WILDCARDS,


report: "report/workflow.rst"


include: "rules/common.smk"
include: "rules/checks.smk"


if not MISTAKES:  # else Snakemake was asked to list them, and nothing else can run

    include: "rules/simulate.smk"
    include: "rules/ingest.smk"
    include: "rules/runs.smk"
    include: "rules/selection.smk"
    include: "rules/samples.smk"
    include: "rules/baselines.smk"
    include: "rules/networks.smk"
    include: "rules/evaluation.smk"
    include: "rules/reports.smk"
    include: "rules/scores.smk"


rule all:
    input:
        layout.PAGE,
    message:
        "all reports (`snakemake check` opens the runs before anything is computed from them)"


# `make run` stops after these two: samples and arrays of the same content end the chain there.
rule samples:
    input:
        drawn_samples,


rule arrays:
    input:
        gathered_arrays,


rule displays:
    input:
        displayed_events,


rule scores:
    input:
        scored_runs,


rule picture_scores:
    input:
        scored_pictures,


onsuccess:
    print(finished_run(log), end="")
    page = Path(workflow.pathvars.apply(layout.PAGE))
    if page.is_file():
        print(f"The reports are in {page}")


onerror:
    print(failed_run(log), file=sys.stderr)
