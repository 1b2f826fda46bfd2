import sys
from os import PathLike
from pathlib import Path

from snakemake.exceptions import WorkflowError
from snakemake.utils import min_version

min_version("9.27")
# Not `workflow.basedir`, which is the folder of the other workflow where this one is its module.
HERE = workflow.current_basedir
if not isinstance(HERE, PathLike):
    raise WorkflowError(f"{HERE}: not on this disk; of a hosted repository take workflow/Snakefile")
HERE = Path(HERE)
sys.path.insert(0, str(HERE / "scripts"))

from runsieve import layout
from runsieve.failures import failed_run, finished_run
from runsieve.submission import prefer

# Of a cluster's commands those come first that wait while Slurm does not answer.
prefer(HERE / "profiles/slurm/bin")


configfile: "config/config.yaml"


pathvars:
    data="data",


wildcard_constraints:
    **layout.WILDCARDS,


# Input functions answer with paths as they are: below the prefix of a module if they are results,
# but not if they are runs of the user. Snakemake adds the prefix to the templates of `layout` alone.
inputflags:
    local,


report: "report/workflow.rst"


include: "rules/common.smk"
include: "rules/checks.smk"


if not MISTAKES:  # else Snakemake was asked to list them, and nothing else can run

    include: "rules/simulate.smk"
    include: "rules/ingest.smk"
    include: "rules/runs.smk"
    include: "rules/selection.smk"
    include: "rules/samples.smk"
    include: "rules/cleaning.smk"
    include: "rules/curves.smk"
    include: "rules/baselines.smk"
    include: "rules/networks.smk"
    include: "rules/evaluation.smk"
    include: "rules/reports.smk"
    include: "rules/export.smk"
    include: "rules/explain.smk"
    include: "rules/scores.smk"
    include: "rules/tuning.smk"


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


rule exports:
    input:
        exported_networks,


rule explain:
    input:
        explained_networks,


rule displays:
    input:
        displayed_events,


rule tune:
    input:
        tuned_models,


rule scores:
    input:
        scored_runs,


rule picture_scores:
    input:
        scored_pictures,


rule score_reports:
    input:
        reported_scores,


onsuccess:
    print(finished_run(log), end="")
    if Path(PAGE).is_file():
        print(f"The reports are in {PAGE}")


onerror:
    print(failed_run(log), file=sys.stderr)
