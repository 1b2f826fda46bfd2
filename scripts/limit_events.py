"""Take fewer training events of a sample, for its learning curve."""

import pandas as pd

from runsieve.config.sample import Sample
from runsieve.files import written
from runsieve.job import job_log
from runsieve.samples.digests import digest_of_events
from runsieve.samples.limiting import fewer_events
from runsieve.tables import write_json


def main(job):
    params = job.params
    with job_log(job.log[0]):
        settings = Sample.model_validate(params.sample)
        events = pd.read_parquet(job.input.events)
        events = fewer_events(events, params.number, settings, params.name)
        print(events.groupby(["class", "split"]).size().to_string())
        with written(job.output.events) as path:
            events.to_parquet(path, index=False)
        write_json(digest_of_events(events), job.output.digest)


if __name__ == "__main__":
    main(snakemake)  # noqa: F821
