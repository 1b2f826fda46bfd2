"""Compute columns of one run with user-supplied functions."""

from runsieve.computing import limited
from runsieve.config.columns import ComputedColumn
from runsieve.job import job_log
from runsieve.runs.computed import compute_columns
from runsieve.runs.friends import open_run
from runsieve.runs.inputs import InputFiles


def main(job):
    params = job.params
    with (
        job_log(job.log[0]),
        limited(job.threads),
        open_run(params.run, params.files, params.tree, friends=params.friends) as chain,
    ):
        compute_columns(
            job.output.columns,
            chain,
            params.texts,
            {name: ComputedColumn.model_validate(one) for name, one in params.columns.items()},
            {name: InputFiles.of(one) for name, one in params.inputs.items()},
            params.channels,
            job.threads,
        )


if __name__ == "__main__":
    main(snakemake)  # noqa: F821
