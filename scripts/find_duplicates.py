"""List events of a sample that have a twin in another split."""

import numpy as np
import pandas as pd

from runsieve.job import job_log
from runsieve.samples.duplicates import duplicates_sentences, search
from runsieve.tables import write_csv


def main(job):
    params = job.params
    with job_log(job.log[0]) as say:
        arrays = {
            name: np.load(path, mmap_mode="r", allow_pickle=False)
            for name, path in zip(params.inputs, job.input.arrays, strict=True)
        }
        found = search(arrays, pd.read_parquet(job.input.events), params.pictures)
        for sentence in duplicates_sentences(params.name, found):
            say(f"{sentence} (listed in {job.output.duplicates})")
        write_csv(found, job.output.duplicates)


if __name__ == "__main__":
    main(snakemake)  # noqa: F821
