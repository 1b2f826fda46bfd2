"""Write the rate of the background per bin, before and after the cut on the score of a model."""

from runsieve.config.report import Report
from runsieve.config.working_point import WorkingPoint
from runsieve.evaluation.predictions import read_predictions
from runsieve.evaluation.rates import Exposure, rate_table, read_background
from runsieve.evaluation.working_points import decisions
from runsieve.job import job_log
from runsieve.selection.absences import read_runs_left_out
from runsieve.tables import write_csv


def main(job):
    with job_log(job.log[0]):
        params = job.params
        report = Report.model_validate(params.report)
        missing = read_runs_left_out(job.input.cutflow)
        livetimes = {run: days for run, days in params.livetimes.items() if run not in missing}
        exposure = Exposure(livetimes, params.masses)
        counts = read_background(job.input.spectra, params.classes[1], exposure, report.bin_edges)
        points = {name: WorkingPoint(**one) for name, one in params.working_points.items()}
        predictions = read_predictions(job.input.scores, params.classes, report.binned)
        chosen = decisions(points, predictions)
        rates = rate_table(predictions.part("test"), counts, exposure, report, chosen)
        write_csv(rates, job.output.rates)


if __name__ == "__main__":
    main(snakemake)  # noqa: F821
