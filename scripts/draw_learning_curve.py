"""Write and draw how good models are that were trained on fewer events."""

from runsieve.evaluation.learning_curve import learning_curve
from runsieve.evaluation.predictions import read_predictions
from runsieve.figures.described import Described
from runsieve.figures.learning_curve import draw_learning_curve
from runsieve.figures.style import save
from runsieve.job import job_log
from runsieve.tables import write_csv


def main(job):
    with job_log(job.log[0]):
        params = job.params
        scored = [
            (model, read_predictions(path, params.classes))
            for model, path in zip(params.models, job.input.scores, strict=True)
        ]
        table = learning_curve(scored)
        write_csv(table, job.output.table)
        described = Described(params.name, params.titles, params.simulated, params.order)
        save(draw_learning_curve(table, described), job.output.figures)


if __name__ == "__main__":
    main(snakemake)  # noqa: F821
