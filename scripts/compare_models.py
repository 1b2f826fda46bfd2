"""Compare all models of an analysis: one table and one figure."""

import pandas as pd

from runsieve.evaluation.comparison import compare, read_metrics, seed_values
from runsieve.figures.comparison import draw_comparison
from runsieve.figures.described import Described
from runsieve.figures.style import save
from runsieve.job import job_log
from runsieve.tables import write_csv


def main(job):
    with job_log(job.log[0]):
        params = job.params
        metrics = read_metrics(dict(zip(params.models, job.input.metrics, strict=True)))
        choices = dict(zip(params.samples, map(pd.read_csv, job.input.choices), strict=True))
        table = compare(metrics, choices, params.oracle)
        write_csv(table, job.output.comparison)
        seeds = seed_values(metrics, "auc")
        names = params.oracle, params.baseline
        figure = draw_comparison(table, seeds, Described(simulated=params.simulated), *names)
        save(figure, job.output.figures)


if __name__ == "__main__":
    main(snakemake)  # noqa: F821
