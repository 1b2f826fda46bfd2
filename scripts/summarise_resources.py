"""Sum up time and memory of the jobs of an analysis."""

from runsieve.job import job_log
from runsieve.reports.resources import measured_jobs, resources_table
from runsieve.tables import write_csv


def main(job):
    with job_log(job.log[0]):
        params = job.params
        jobs = measured_jobs(params.benchmarks, params.logs, params.jobs, params.known)
        write_csv(resources_table(jobs), job.output.resources)
        write_csv(resources_table(jobs, ["rule", "host"]), job.output.hosts)


if __name__ == "__main__":
    main(snakemake)  # noqa: F821
