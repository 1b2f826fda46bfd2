"""Report what cleaning a sample found, and what models gained on the same test events."""

import pandas as pd

from runsieve.evaluation import cleaning
from runsieve.job import job_log
from runsieve.samples.sample_files import open_sample
from runsieve.tables import write_csv


def main(job):
    with job_log(job.log[0]):
        params, classes = job.params, job.params.classes
        events, truth = open_sample(job.input.events, job.input.truth)
        processes = next(iter(truth.values()), None)
        wrong = cleaning.known_wrong(events, processes, params.processes)
        doubted = pd.read_csv(job.input.doubted)
        write_csv(cleaning.found_labels(events, doubted, classes, wrong), job.output.cleaning)
        before, after = (
            cleaning.read_trainings(params.trainings, paths, classes)
            for paths in (job.input.before, job.input.after)
        )
        write_csv(cleaning.compare_cleaned(before, after), job.output.models)


if __name__ == "__main__":
    main(snakemake)  # noqa: F821
