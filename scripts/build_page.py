"""Build the page that a person opens, with all analyses on it."""

from runsieve.job import job_log
from runsieve.pages.page import write_page


def main(job):
    with job_log(job.log[0]):
        write_page(job.output.page, job.params.pages)


if __name__ == "__main__":
    main(snakemake)  # noqa: F821
