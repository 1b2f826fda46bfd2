"""Compare all models of an analysis: two tables and one figure."""

import pandas as pd

from runsieve.evaluation.comparison import DIGITS, compare, read_summaries, seed_values
from runsieve.evaluation.comparison_long import compare_long
from runsieve.figures.comparison import draw_comparison
from runsieve.figures.described import Described
from runsieve.figures.style import save
from runsieve.job import job_log
from runsieve.tables import rounded, write_csv


def main(job):
    with job_log(job.log[0]):
        params, output = job.params, job.output
        metrics = read_summaries(params.models, job.input.metrics)
        choices = dict(zip(params.samples, map(pd.read_csv, job.input.choices), strict=True))
        table = compare(metrics, choices, params.oracle)
        write_csv(rounded(table, DIGITS, but=["threshold"]), output.comparison)
        write_csv(rounded(compare_long(metrics), DIGITS), output.long)
        described, seeds = Described(simulated=params.simulated), seed_values(metrics, "auc")
        figure = draw_comparison(table, seeds, described, params.oracle, params.baseline)
        save(figure, output.figures)


if __name__ == "__main__":
    main(snakemake)  # noqa: F821
