"""Read one input for all events of a sample from the raw runs."""

import pandas as pd

from runsieve.config.inputs import Input
from runsieve.files import written
from runsieve.job import job_log
from runsieve.samples.gathering import RunFiles, gather_input


def main(job):
    params = job.params
    with job_log(job.log[0]), written(job.output.array) as path:
        gather_input(
            pd.read_parquet(job.input.events),
            {int(run): RunFiles(**files) for run, files in params.files.items()},
            Input.model_validate(params.input),
            params.tree,
            params.columns,
            path,
            job.threads,
        )


if __name__ == "__main__":
    main(snakemake)  # noqa: F821
