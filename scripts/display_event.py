"""Draw one event of a run: for each channel its columns, its inputs and the cuts it passes."""

from runsieve.figures.event import draw_event
from runsieve.figures.style import save
from runsieve.job import job_log
from runsieve.runs.friends import open_run
from runsieve.runs.inputs import InputFiles
from runsieve.selection.displays import read_event


def main(job):
    params = job.params
    with job_log(job.log[0]):
        inputs = {name: InputFiles.of(one) for name, one in params.inputs.items()}
        files = params.files, params.tree, params.computed, params.friends
        with open_run(params.run, *files) as chain:
            event = read_event(
                chain, params.event, params.channels, params.columns, params.classes, inputs
            )
        figure = draw_event(event, params.channel_name, params.title, params.titles)
        save(figure, job.output.picture)


if __name__ == "__main__":
    main(snakemake)  # noqa: F821
