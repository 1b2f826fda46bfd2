"""Open every run of the analyses, and say in one list everything that would fail later."""

from pathlib import Path

from runsieve.checks.analysis import check_all
from runsieve.errors import RunsieveError
from runsieve.job import job_log
from runsieve.reports.check import all_problems, check_page, check_text
from runsieve.tables import write_text


def main(job):
    with job_log(job.log[0]):
        mistakes = job.params.mistakes
        found = check_all(job.params.analyses, Path(job.output.text).parent, job.threads)
        # A log, so that it is kept when the check fails.
        write_text(check_page(mistakes, found), job.log[1])
        text = check_text(mistakes, found)
        if all_problems(mistakes, found):
            raise RunsieveError(f"{text}as a page: {job.log[1]}")
        write_text(text, job.output.text)
    print(text, end="")


if __name__ == "__main__":
    main(snakemake)  # noqa: F821
