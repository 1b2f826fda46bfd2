"""Compute columns of one run with user-supplied functions."""

from runsieve.computing import limited
from runsieve.config.columns import ComputedColumn
from runsieve.job import job_log
from runsieve.runs.computed import compute_columns, marking_damage
from runsieve.runs.friends import open_run
from runsieve.runs.inputs import InputFiles


def main(job):
    params, path = job.params, job.output.columns
    with (
        job_log(job.log[0]),
        limited(job.threads),
        marking_damage(path, params.files, params.skip),
        open_run(params.run, params.files, params.tree, friends=params.friends) as chain,
    ):
        columns = {n: ComputedColumn.model_validate(one) for n, one in params.columns.items()}
        inputs = {name: InputFiles.of(one) for name, one in params.inputs.items()}
        compute_columns(path, chain, params.texts, columns, inputs, params.channels, job.threads)


if __name__ == "__main__":
    main(snakemake)  # noqa: F821
