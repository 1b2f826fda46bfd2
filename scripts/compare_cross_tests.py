"""Collect the cross tests of all models in one table and one figure."""

from runsieve.evaluation.cross_tests import cross_test_table
from runsieve.evaluation.predictions import read_predictions
from runsieve.figures.cross_tests import draw_cross_tests
from runsieve.figures.described import Described
from runsieve.figures.style import save
from runsieve.job import job_log
from runsieve.tables import write_csv


def main(job):
    with job_log(job.log[0]):
        params = job.params
        tests = [
            (model, trained, tested, read_predictions(path, params.classes[tested]).part("test"))
            for (model, trained, tested), path in zip(params.rows, job.input.scores, strict=True)
        ]
        table = cross_test_table(tests)
        write_csv(table, job.output.table)
        described = Described(simulated=params.simulated, models=params.order)
        save(draw_cross_tests(table, described), job.output.figures)


if __name__ == "__main__":
    main(snakemake)  # noqa: F821
