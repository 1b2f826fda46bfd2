"""Draw the ROC curves of all models of a sample."""

import pandas as pd

from runsieve.figures.described import Described
from runsieve.figures.roc import draw_roc_overlay
from runsieve.figures.style import save
from runsieve.job import job_log
from runsieve.reports.registry import LABEL


def main(job):
    with job_log(job.log[0]):
        params = job.params
        curves = [pd.read_csv(path) for path in job.input.curves]
        labelled = [table[table["against"] == LABEL] for table in curves]
        named = list(zip(params.models, labelled, strict=True))
        described = Described(params.name, params.titles, params.simulated)
        save(draw_roc_overlay(named, described), job.output.figures)


if __name__ == "__main__":
    main(snakemake)  # noqa: F821
