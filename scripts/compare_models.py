"""Compare all models of an analysis: one table and one figure."""

import json
from pathlib import Path

import pandas as pd

from runsieve.evaluation.comparison import compare, seed_values
from runsieve.figures.comparison import draw_comparison
from runsieve.figures.style import save
from runsieve.job import job_log
from runsieve.tables import write_csv


def main(job):
    with job_log(job.log[0]):
        params = job.params
        summaries = [
            json.loads(Path(path).read_text(encoding="utf-8")) for path in job.input.metrics
        ]
        choices = dict(zip(params.samples, map(pd.read_csv, job.input.choices), strict=True))
        table = compare(params.rows, summaries, choices, params.oracle)
        write_csv(table, job.output.comparison)
        seeds = seed_values(params.rows, summaries, "auc")
        save(draw_comparison(table, seeds), job.output.figures)


if __name__ == "__main__":
    main(snakemake)  # noqa: F821
