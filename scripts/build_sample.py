"""Draw the events of a sample from the event lists of its runs."""

from runsieve.config.sample import Sample
from runsieve.event_lists import read_event_lists
from runsieve.files import written
from runsieve.job import job_log
from runsieve.samples import build_sample


def main(job):
    params = job.params
    with job_log(job.log[0]):
        settings = Sample.model_validate(params.sample)
        events = read_event_lists(job.input.events, settings.channels)
        events, drawn = build_sample(events, settings, params.classes, params.name)
        print(drawn.to_string(index=False))
        with written(job.output.events) as path, written(job.output.drawn) as table:
            events.to_parquet(path, index=False)
            drawn.to_csv(table, index=False)


if __name__ == "__main__":
    main(snakemake)  # noqa: F821
