"""Compare all models of an analysis: one table and one figure."""

import json
from pathlib import Path

import pandas as pd

from runsieve.evaluation.comparison import compare, seed_values
from runsieve.figures.comparison import draw_comparison
from runsieve.figures.described import Described
from runsieve.figures.style import save
from runsieve.job import job_log
from runsieve.tables import write_csv


def main(job):
    with job_log(job.log[0]):
        params = job.params
        texts = [Path(path).read_text(encoding="utf-8") for path in job.input.metrics]
        summaries = list(map(json.loads, texts))
        choices = dict(zip(params.samples, map(pd.read_csv, job.input.choices), strict=True))
        table = compare(params.rows, summaries, choices, params.oracle)
        write_csv(table, job.output.comparison)
        seeds = seed_values(params.rows, summaries, "auc")
        names = params.oracle, params.baseline
        figure = draw_comparison(table, seeds, Described(simulated=params.simulated), *names)
        save(figure, job.output.figures)


if __name__ == "__main__":
    main(snakemake)  # noqa: F821
