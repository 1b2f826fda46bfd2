"""Sum up time and memory of the jobs of an analysis."""

from runsieve.job import job_log
from runsieve.reports.resources import resources_table
from runsieve.tables import write_csv


def main(job):
    with job_log(job.log[0]):
        params = job.params
        table = resources_table(params.folder, params.jobs, params.known)
        write_csv(table, job.output.resources)


if __name__ == "__main__":
    main(snakemake)  # noqa: F821
