"""Write the digest of one kept column of a sample."""

import pandas as pd

from runsieve.job import job_log
from runsieve.samples.digests import digest_of_column
from runsieve.tables import write_text


def main(job):
    with job_log(job.log[0]):
        column = job.params.column
        events = pd.read_parquet(job.input.events, columns=[column])
        write_text(digest_of_column(events[column]), job.output.digest)


if __name__ == "__main__":
    main(snakemake)  # noqa: F821
