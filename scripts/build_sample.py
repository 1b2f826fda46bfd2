"""Draw the events of a sample from the event lists of its runs."""

from runsieve.config.sample import Sample
from runsieve.files import written
from runsieve.job import job_log
from runsieve.samples.digests import digest_of_events
from runsieve.samples.drawable import read_drawable
from runsieve.samples.drawing import build_sample
from runsieve.selection.event_lists import require_different_events
from runsieve.tables import write_json


def main(job):
    params = job.params
    with job_log(job.log[0]):
        settings = Sample.model_validate(params.sample)
        require_different_events(job.input.events, params.runs)
        what = settings, params.classes, params.name
        events, available = read_drawable(job.input.events, *what, params.runs)
        events, drawn = build_sample(events, *what, available)
        print(drawn.to_string(index=False))
        with written(job.output.events) as path, written(job.output.drawn) as table:
            events.to_parquet(path, index=False)
            drawn.to_csv(table, index=False)
        write_json(digest_of_events(events), job.output.digest)


if __name__ == "__main__":
    main(snakemake)  # noqa: F821
