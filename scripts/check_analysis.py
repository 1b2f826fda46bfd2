"""Open every run of the analyses, and say in one list everything that would fail later."""

from pathlib import Path

from runsieve.checks.analysis import SampleToCheck, check_analysis
from runsieve.checks.run import RunToCheck
from runsieve.errors import RunsieveError
from runsieve.job import job_log
from runsieve.reports.check import check_page, check_text
from runsieve.tables import write_text


def main(job):
    with job_log(job.log[0]):
        folder = Path(job.output.text).parent
        found = []
        for values in job.params.analyses:
            runs = [RunToCheck(**one) for one in values.pop("runs")]
            samples = [SampleToCheck(**one) for one in values.pop("samples")]
            found.append(check_analysis(**values, runs=runs, samples=samples, folder=folder))
        # A log, so that it is kept when the check fails.
        write_text(check_page(found), job.log[1])
        text = check_text(found)
        problems = sum(len(one.problems) for one in found)
        if problems:
            raise RunsieveError(f"{text}{problems} in all; as a page: {job.log[1]}")
        write_text(text, job.output.text)
    print(text, end="")


if __name__ == "__main__":
    main(snakemake)  # noqa: F821
