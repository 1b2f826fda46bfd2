"""Read one input for all events of a sample: from its previous array, or from the raw runs."""

from pathlib import Path

import pandas as pd

from runsieve.config.inputs import Input
from runsieve.files import written
from runsieve.job import job_log
from runsieve.samples.digests import digest_of_array
from runsieve.samples.gathering import RunFiles, gather_input
from runsieve.samples.previous import keep_previous, open_previous
from runsieve.tables import write_text


def main(job):
    params, array = job.params, Path(job.output.array)
    with job_log(job.log[0]):
        events, settings = pd.read_parquet(job.input.events), Input.model_validate(params.input)
        files = {int(run): RunFiles(**one) for run, one in params.files.items()}
        how = settings, params.tree, params.columns
        before = open_previous(params.previous)
        with written(array) as path:
            sources = gather_input(events, files, *how, path, job.threads, params.code, before)
            write_text(digest_of_array(path, array.name), job.output.digest)
        keep_previous(array, events, sources, params.previous)


if __name__ == "__main__":
    main(snakemake)  # noqa: F821
