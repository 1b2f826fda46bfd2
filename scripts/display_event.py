"""Draw one event of a run: for each channel that was hit its columns, cuts, scores and inputs."""

from runsieve.evaluation.shown_event import reasons_for_event, scores_of_event
from runsieve.figures.event import Shown, draw_event
from runsieve.figures.style import save
from runsieve.job import job_log
from runsieve.runs.friends import open_run
from runsieve.runs.inputs import InputFiles
from runsieve.selection.displays import read_event


def main(job):
    params, event = job.params, (job.params.run, job.params.event, job.params.titles)
    with job_log(job.log[0]):
        inputs = {name: InputFiles.of(one) for name, one in params.inputs.items()}
        axes = {name: one.settings.axes for name, one in inputs.items()}
        galleries = dict(zip(params.chosen, job.input.galleries, strict=True))
        reasons = reasons_for_event(galleries, *event)
        scores = scores_of_event(dict(zip(params.scored, job.input.scores, strict=True)), *event)
        of = params.title, params.channel_name, params.simulated
        shown = Shown(*of, axes, params.titles, reasons, scores)
        wanted = params.channels, params.columns, params.classes, inputs, params.hit
        files = params.files, params.tree, params.computed, params.friends
        with open_run(params.run, *files) as chain:
            figure = draw_event(read_event(chain, params.event, *wanted), shown)
        save(figure, job.output.picture)


if __name__ == "__main__":
    main(snakemake)  # noqa: F821
