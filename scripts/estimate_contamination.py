"""Estimate how much of a class is like the signal, from the scores of each model of a sample."""

from runsieve.config.report import Report
from runsieve.config.working_point import WorkingPoint
from runsieve.evaluation.contamination import contamination_of_models
from runsieve.figures.contamination import draw_contamination
from runsieve.figures.described import Described
from runsieve.figures.style import save
from runsieve.job import job_log
from runsieve.tables import write_csv


def main(job):
    with job_log(job.log[0]):
        params = job.params
        settings = Report.model_validate(params.report)
        points = {name: WorkingPoint(**one) for name, one in params.working_points.items()}
        files = dict(zip(params.models, job.input.scores, strict=True))
        table = contamination_of_models(files, params.classes, settings, points)
        write_csv(table, job.output.table)
        described = Described(params.name, simulated=params.simulated, models=params.order)
        save(draw_contamination(table, settings.axis_label, described), job.output.figures)


if __name__ == "__main__":
    main(snakemake)  # noqa: F821
