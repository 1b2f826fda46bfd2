"""Compare the models of a sample in pairs, and choose the best of them on validation events."""

from runsieve.evaluation.choice import choose
from runsieve.evaluation.pairs import compare_pairs
from runsieve.evaluation.predictions import read_predictions
from runsieve.evaluation.same_events import require_same_files
from runsieve.job import job_log
from runsieve.tables import write_csv


def main(job):
    with job_log(job.log[0]):
        params = job.params
        paths = dict(zip(params.trainings, job.input.scores, strict=True))
        require_same_files(paths)
        scored = {
            training: read_predictions(path, params.classes) for training, path in paths.items()
        }
        write_csv(compare_pairs(scored, params.seed), job.output.pairs)
        write_csv(choose(scored, params.baseline, params.oracle), job.output.choice)


if __name__ == "__main__":
    main(snakemake)  # noqa: F821
