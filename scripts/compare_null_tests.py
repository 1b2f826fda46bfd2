"""Collect the null tests of an analysis in one table and one figure."""

from runsieve.evaluation.null_tests import NullTest, null_test_table
from runsieve.evaluation.predictions import read_predictions
from runsieve.figures.described import Described
from runsieve.figures.null_tests import draw_null_tests
from runsieve.figures.style import save
from runsieve.job import job_log
from runsieve.tables import write_csv


def main(job):
    with job_log(job.log[0]):
        params, tests = job.params, []
        for (sample, model, seed), path in zip(params.rows, job.input.scores, strict=True):
            classes, titles, runs_of = (
                params.names[sample][key] for key in ("classes", "titles", "runs_of")
            )
            test = read_predictions(path, classes).part("test")
            tests.append(NullTest(sample, model, seed, test, titles, runs_of))
        table = null_test_table(tests)
        print(*table["warning"].dropna(), sep="\n")
        write_csv(table, job.output.table)
        figure = draw_null_tests(table, Described(simulated=params.simulated))
        save(figure, job.output.figures)


if __name__ == "__main__":
    main(snakemake)  # noqa: F821
