"""Merge the scores of all folds of a sample, each of a model that has not seen its events."""

import pandas as pd

from runsieve.evaluation.folds import merge_folds
from runsieve.files import written
from runsieve.job import job_log


def main(job):
    with job_log(job.log[0]):
        scores = merge_folds([pd.read_parquet(path) for path in job.input.scores])
        print(scores.groupby(["split", "fold", "class"]).size().to_string())
        with written(job.output.scores) as path:
            scores.to_parquet(path, index=False)


if __name__ == "__main__":
    main(snakemake)  # noqa: F821
