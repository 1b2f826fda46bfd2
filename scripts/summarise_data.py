"""Summarise the selected events: numbers per run, class and channel, and the cut flow."""

from runsieve.figures.described import Described
from runsieve.figures.statistics import draw_cutflow, draw_statistics
from runsieve.figures.style import save
from runsieve.job import job_log
from runsieve.selection.statistics import class_ratios, count_events, pooled_cutflow, read_cutflows
from runsieve.tables import write_csv


def main(job):
    with job_log(job.log[0]):
        output, params = job.output, job.params
        classes = params.classes
        described = Described("", params.titles, params.simulated)
        cutflow = read_cutflows(job.input.cutflows)
        statistics = count_events(cutflow)
        ratios = class_ratios(statistics, classes)
        write_csv(statistics, output.statistics)
        write_csv(ratios, output.ratios)
        write_csv(cutflow, output.cutflow)
        pooled = pooled_cutflow(cutflow, classes)
        write_csv(pooled, output.pooled)
        figure = draw_statistics(ratios, classes, params.channel_name, described)
        save(figure, output.statistics_figure)
        save(draw_cutflow(pooled, classes, described), output.cutflow_figure)


if __name__ == "__main__":
    main(snakemake)  # noqa: F821
