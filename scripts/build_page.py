"""Build the results page, one HTML file with all analyses."""

from runsieve.job import job_log
from runsieve.reports.page.files import AnalysisFiles
from runsieve.reports.page.rendering import write_page


def main(job):
    with job_log(job.log[0]):
        analyses = [AnalysisFiles.model_validate(page) for page in job.params.pages]
        write_page(job.output.page, analyses, job.params.captions, job.params.formats)


if __name__ == "__main__":
    main(snakemake)  # noqa: F821
