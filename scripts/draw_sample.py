"""Draw all models of a sample in one figure: the one to decide from, and ROC curves."""

from runsieve.config.working_point import WorkingPoint
from runsieve.figures.decision import draw_decision
from runsieve.figures.described import Described
from runsieve.figures.roc import draw_roc_overlay
from runsieve.figures.style import files_by_name, save
from runsieve.job import job_log
from runsieve.reports.sample_report import at_headline, of_models
from runsieve.tables import write_csv


def main(job):
    with job_log(job.log[0]):
        params, files = job.params, files_by_name(job.output.figures)
        described = Described(params.name, params.titles, params.simulated, params.order)
        curves = of_models(dict(zip(params.models, job.input.curves, strict=True)))
        rows = of_models(dict(zip(params.models, job.input.efficiencies, strict=True)))
        points = {name: WorkingPoint(**one) for name, one in params.working_points.items()}
        decision, point = at_headline(rows, points)
        write_csv(decision, job.output.decision)
        figure = draw_decision(decision, point, params.label, described, params.oracle)
        save(figure, files["decision"])
        save(draw_roc_overlay(list(curves.groupby("model", sort=False)), described), files["roc"])


if __name__ == "__main__":
    main(snakemake)  # noqa: F821
