"""Compare scores with and without shifts, in one table and one figure."""

from runsieve.config.working_point import WorkingPoint
from runsieve.evaluation.shifts import read_shifted, shift_table
from runsieve.figures.described import Described
from runsieve.figures.shifts import draw_shifts
from runsieve.figures.style import save
from runsieve.job import job_log
from runsieve.tables import write_csv


def main(job):
    with job_log(job.log[0]):
        params = job.params
        points = {name: WorkingPoint(**one) for name, one in params.working_points.items()}
        files = zip(job.input.scores, job.input.shifted, strict=True)
        tests = [
            read_shifted(sample, model, both, params.classes[sample], points)
            for (sample, model), both in zip(params.rows, files, strict=True)
        ]
        table = shift_table(tests, params.changes)
        write_csv(table, job.output.table)
        described = Described(simulated=params.simulated, models=params.order)
        save(draw_shifts(table, described), job.output.figures)


if __name__ == "__main__":
    main(snakemake)  # noqa: F821
