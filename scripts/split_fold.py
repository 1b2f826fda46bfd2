"""Split the events of a sample as one of its folds sees them."""

import pandas as pd

from runsieve.config.sample import Sample
from runsieve.files import written
from runsieve.job import job_log
from runsieve.samples.cleaning import in_judging_folds
from runsieve.samples.digests import digest_of_events
from runsieve.samples.folds import split_fold
from runsieve.tables import write_json


def main(job):
    with job_log(job.log[0]):
        settings = Sample.model_validate(job.params.sample)
        events = pd.read_parquet(job.input.events)
        if settings.cleaned is not None:
            events = in_judging_folds(events, settings, job.params.name)
        events = split_fold(events, job.params.fold)
        print(events.groupby(["class", "split"]).size().to_string())
        with written(job.output.events) as path:
            events.to_parquet(path, index=False)
        write_json(digest_of_events(events), job.output.digest)


if __name__ == "__main__":
    main(snakemake)  # noqa: F821
