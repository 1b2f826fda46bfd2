"""Score every event of a sample with a fitted baseline."""

from threadpoolctl import threadpool_limits

from runsieve.baselines import load
from runsieve.files import written
from runsieve.job import job_log
from runsieve.prediction import score_table
from runsieve.sample_files import class_names, only, open_sample


def main(job):
    with job_log(job.log[0]), threadpool_limits(job.threads):
        events, arrays = open_sample(job.input.events, job.input.arrays)
        probabilities = load(job.input.model).probabilities(events, only(arrays))
        scores = score_table(events, probabilities, class_names(events), job.params.variable)
        with written(job.output.scores) as path:
            scores.to_parquet(path, index=False)


if __name__ == "__main__":
    main(snakemake)  # noqa: F821
