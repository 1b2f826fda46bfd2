"""Write the card of a trained network."""

import json
from pathlib import Path

import pandas as pd

from runsieve.job import job_log
from runsieve.reports.about import About
from runsieve.reports.card import write_card
from runsieve.reports.provenance import commit_of, now, versions
from runsieve.reports.registry import LABEL
from runsieve.tables import write_text


def main(job):
    with job_log(job.log[0]):
        found, about = job.input, About.model_validate(job.params.about)
        diagnosis = json.loads(Path(found.diagnosis).read_text(encoding="utf-8"))
        metrics = json.loads(Path(found.metrics).read_text(encoding="utf-8"))
        points = pd.read_csv(found.points)
        mine = points[(points["seed"] == about.seed) & (points["against"] == LABEL)]
        of_seed = metrics["seeds"][str(about.seed)]
        made = {"date": now(), **commit_of(), "versions": versions()}
        events = pd.read_parquet(found.events)
        write_text(write_card(about, events, diagnosis, of_seed, mine, made), job.output.card)


if __name__ == "__main__":
    main(snakemake)  # noqa: F821
