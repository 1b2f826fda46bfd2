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
        files = dict(zip(params.models, job.input.metrics, strict=True))
        metrics = {
            (sample, model, int(seed)): one
            for (sample, model), path in files.items()
            for seed, one in json.loads(Path(path).read_text(encoding="utf-8"))["seeds"].items()
        }
        choices = dict(zip(params.samples, map(pd.read_csv, job.input.choices), strict=True))
        table = compare(metrics, choices, params.oracle)
        write_csv(table, job.output.comparison)
        save(draw_comparison(table, seed_values(metrics, "auc")), job.output.figures)


if __name__ == "__main__":
    main(snakemake)  # noqa: F821
