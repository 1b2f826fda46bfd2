"""Write the card of a trained network."""

import json
from pathlib import Path

import pandas as pd

from runsieve.job import job_log
from runsieve.networks.metadata import signature
from runsieve.reports.about import About
from runsieve.reports.card import write_card
from runsieve.reports.provenance import made
from runsieve.reports.registry import LABEL
from runsieve.selection.absences import read_runs_left_out
from runsieve.tables import write_text


def main(job):
    with job_log(job.log[0]):
        found, about = job.input, About.model_validate(job.params.about)
        diagnosis, metrics = (json.loads(Path(one).read_bytes()) for one in found.facts)
        points = pd.read_csv(found.points).groupby(["seed", "against"])
        mine = metrics["seeds"][str(about.seed)], points.get_group((about.seed, LABEL))
        sample = pd.read_parquet(found.events), read_runs_left_out(found.cutflow)
        takes = signature(found.model, job.params.inputs)
        write_text(write_card(about, *sample, diagnosis, *mine, takes, made()), job.output.card)


if __name__ == "__main__":
    main(snakemake)  # noqa: F821
