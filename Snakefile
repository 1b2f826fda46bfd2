import sys
from pathlib import Path

from snakemake.exceptions import WorkflowError
from snakemake.utils import min_version

min_version("9.27")
sys.path.insert(0, str(Path(workflow.basedir) / "scripts"))

from runsieve.errors import RunsieveError


configfile: "config/config.yaml"


pathvars:
    data="data",


wildcard_constraints:
    analysis=r"\w+",
    run=r"\d+",
    event=r"\d+",
    sample=r"\w+",
    input=r"\w+",
    model=r"\w+",
    seed=r"\d+",
    other=r"\w+",


report: "report/workflow.rst"


include: "rules/common.smk"
include: "rules/simulate.smk"
include: "rules/ingest.smk"
include: "rules/select.smk"
include: "rules/display.smk"
include: "rules/sample.smk"
include: "rules/train.smk"
include: "rules/test.smk"
include: "rules/report.smk"


rule all:
    input:
        "<results>/index.html",


rule events:
    input:
        shown_events,


onsuccess:
    print("The reports are in results/index.html")
