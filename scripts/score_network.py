"""Score every event of a sample with a trained network."""

from runsieve.backend import prepare_backend
from runsieve.files import written
from runsieve.job import job_log
from runsieve.sample_files import class_names, open_sample


def main(job):
    with job_log(job.log[0]):
        # Here, because what TensorFlow says at import belongs into the log.
        from runsieve.networks import load
        from runsieve.prediction import predict, score_table

        prepare_backend(job.threads)
        events, arrays = open_sample(job.input.events, job.input.arrays)
        probabilities = predict(load(job.input.model), arrays, events["row"].to_numpy())
        scores = score_table(events, probabilities, class_names(events), job.params.variable)
        with written(job.output.scores) as path:
            scores.to_parquet(path, index=False)


if __name__ == "__main__":
    main(snakemake)  # noqa: F821
