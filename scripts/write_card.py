"""Write the card of a trained network."""

import json
from pathlib import Path

import pandas as pd

from runsieve.job import job_log
from runsieve.reports.about import About
from runsieve.reports.card import write_card
from runsieve.tables import write_text


def main(job):
    with job_log(job.log[0]):
        diagnosis = json.loads(Path(job.input.diagnosis).read_text(encoding="utf-8"))
        metrics = json.loads(Path(job.input.metrics).read_text(encoding="utf-8"))
        events = pd.read_parquet(job.input.events)
        about = About.model_validate(job.params.about)
        mine = metrics["seeds"][str(about.seed)]
        write_text(write_card(about, events, diagnosis, mine), job.output.card)


if __name__ == "__main__":
    main(snakemake)  # noqa: F821
