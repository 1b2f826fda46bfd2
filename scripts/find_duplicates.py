"""List events of a sample that have a twin in another split."""

from runsieve.job import job_log
from runsieve.samples.duplicates import duplicates_sentences, search
from runsieve.samples.sample_files import open_sample
from runsieve.tables import write_csv


def main(job):
    params = job.params
    with job_log(job.log[0]) as say:
        events, arrays = open_sample(job.input.events, job.input.arrays)
        found = search(arrays, events, params.pictures)
        for sentence in duplicates_sentences(params.name, found):
            say(f"{sentence} (listed in {job.output.duplicates})")
        write_csv(found, job.output.duplicates)


if __name__ == "__main__":
    main(snakemake)  # noqa: F821
