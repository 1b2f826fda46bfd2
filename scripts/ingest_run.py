"""Convert a folder of pictures, or arrays of an .npz file, to a run."""

from pathlib import Path

from runsieve.config.ingest import Ingest
from runsieve.ingest.run import ingest
from runsieve.job import job_log


def main(job):
    params = job.params
    with job_log(job.log[0]) as say:
        ingest(
            params.run,
            params.kind,
            Path(params.source),
            Ingest.model_validate(params.ingest),
            Path(job.output.run),
            Path(job.output.pictures),
            job.threads,
            say,
        )


if __name__ == "__main__":
    main(snakemake)  # noqa: F821
