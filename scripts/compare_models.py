"""Compare all models of an analysis: one table, one figure, and the curves of each sample."""

import json
from pathlib import Path

import pandas as pd

from runsieve.comparison import compare, seed_values
from runsieve.figures.comparison import write_figures
from runsieve.job import job_log
from runsieve.tables import write_csv


def main(job):
    with job_log(job.log[0]):
        params = job.params
        summaries = [json.loads(Path(path).read_text()) for path in job.input.metrics]
        table = compare(params.rows, summaries, params.baseline, params.oracle)
        seeds = seed_values(params.rows, summaries, "auc")
        curves = [pd.read_csv(path) for path in job.input.roc]
        write_csv(table, job.output.comparison)
        write_figures(job.output.figures, table, seeds, params.rows, curves, params.titles)


if __name__ == "__main__":
    main(snakemake)  # noqa: F821
