"""Report runs that were scored: spectra of what a cut keeps, its events, and its stability."""

from runsieve.config.report import Report
from runsieve.config.working_point import WorkingPoint
from runsieve.figures.described import Described
from runsieve.job import job_log
from runsieve.reports.scored_runs import draw_scored_runs, read_scored_runs
from runsieve.scoring.counting import ScoredRun, write_kept
from runsieve.tables import write_csv


def main(job):
    with job_log(job.log[0]):
        params, output = job.params, job.output
        runs = [ScoredRun(**one) for one in params.runs]
        tables = {one.run: path for one, path in zip(runs, job.input.tables, strict=True)}
        settings = Report.model_validate(params.report)
        points = {name: WorkingPoint(**one) for name, one in params.working_points.items()}
        about = params.classes, params.channels, settings, points
        report = read_scored_runs(job.input.scores, tables, runs, *about)
        write_csv(report.spectrum, output.spectrum)
        write_csv(report.stability, output.stability)
        write_kept(job.input.tables, report.cut, settings.binned, output.kept)
        described = Described(params.name, params.titles, params.simulated)
        draw_scored_runs(report, described, output.figures)


if __name__ == "__main__":
    main(snakemake)  # noqa: F821
