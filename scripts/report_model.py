"""Evaluate a model on its test events: tables, metrics and figures."""

from runsieve.config.report import Report
from runsieve.config.working_point import WorkingPoint
from runsieve.figures.described import Described
from runsieve.job import job_log
from runsieve.reports.model_report import read_report, write_report


def main(job):
    with job_log(job.log[0]):
        params, output = job.params, job.output
        report = read_report(
            dict(zip(params.seeds, job.input.scores, strict=True)),
            params.classes,
            Report.model_validate(params.report),
            {name: WorkingPoint(**one) for name, one in params.working_points.items()},
            Described(params.name, params.titles, params.simulated),
            params.diagnoses,
        )
        write_report(report, output.metrics, output.efficiency_text, output.tables, output.figures)


if __name__ == "__main__":
    main(snakemake)  # noqa: F821
