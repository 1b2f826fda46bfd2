"""Compare scores with and without shifts, in one table and one figure."""

from runsieve.evaluation.shifts import read_shifted, shift_table
from runsieve.figures.described import Described
from runsieve.figures.shifts import draw_shifts
from runsieve.figures.style import save
from runsieve.job import job_log
from runsieve.tables import write_csv


def main(job):
    with job_log(job.log[0]):
        params = job.params
        files = zip(params.rows, job.input.scores, job.input.shifted, strict=True)
        tests = [
            (sample, model, *read_shifted(scores, shifted, params.classes[sample]))
            for (sample, model), scores, shifted in files
        ]
        table = shift_table(tests)
        write_csv(table, job.output.table)
        figure = draw_shifts(table, Described(simulated=params.simulated))
        save(figure, job.output.figures)


if __name__ == "__main__":
    main(snakemake)  # noqa: F821
