"""Draw one event of a run: every channel, its inputs, and the cuts that it passes."""

from runsieve.config.inputs import Input
from runsieve.displays import read_event
from runsieve.figures.event import draw_event
from runsieve.figures.style import save
from runsieve.job import job_log


def main(job):
    params = job.params
    with job_log(job.log[0]):
        inputs = {name: Input.model_validate(one) for name, one in params.inputs.items()}
        event = read_event(
            params.run,
            params.event,
            params.files,
            params.friends,
            params.tree,
            params.channels,
            params.columns,
            params.classes,
            inputs,
        )
        save(draw_event(event, params.channel_name, params.title), job.output.picture)


if __name__ == "__main__":
    main(snakemake)  # noqa: F821
