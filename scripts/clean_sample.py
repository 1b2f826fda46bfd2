"""Leave out the training and validation events of a sample whose label is doubted."""

import pandas as pd

from runsieve.config.sample import Sample
from runsieve.files import written
from runsieve.job import job_log
from runsieve.samples.cleaning import doubted_labels, without
from runsieve.samples.digests import digest_of_events
from runsieve.tables import write_csv, write_json


def main(job):
    with job_log(job.log[0]):
        params = job.params
        settings = Sample.model_validate(params.sample)
        events = pd.read_parquet(job.input.events)
        judged = [pd.read_parquet(path) for path in job.input.scores]
        doubted = doubted_labels(events, judged, params.classes, settings.cleaned.filter_by)
        kept, drawn = without(events, doubted, settings, params.classes)
        print(drawn.to_string(index=False))
        write_csv(doubted, job.output.doubted)
        with written(job.output.events) as path, written(job.output.drawn) as table:
            kept.to_parquet(path, index=False)
            drawn.to_csv(table, index=False)
        write_json(digest_of_events(kept), job.output.digest)


if __name__ == "__main__":
    main(snakemake)  # noqa: F821
