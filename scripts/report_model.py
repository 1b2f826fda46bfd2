"""Report what a model does on its test events: tables, metrics and figures."""

from runsieve.config.report import Report
from runsieve.job import job_log
from runsieve.reporting import read_report, write_figures, write_tables


def main(job):
    with job_log(job.log[0]):
        params, output = job.params, job.output
        names = ("metrics", "efficiency", "efficiency_text", "confusion", "classes", "roc")
        report = read_report(
            job.input.scores,
            params.classes,
            Report.model_validate(params.report),
            params.titles,
            params.name,
            params.seed,
            history=getattr(job.input, "history", None),
            diagnosis=getattr(job.input, "diagnosis", None),
        )
        write_tables(report, **{name: getattr(output, name) for name in names})
        write_figures(report, output.figures)


if __name__ == "__main__":
    main(snakemake)  # noqa: F821
