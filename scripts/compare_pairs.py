"""Compare the models of a sample in pairs, on the same test events."""

from runsieve.evaluation.pairs import compare_pairs, require_same_files
from runsieve.evaluation.predictions import read_predictions
from runsieve.job import job_log
from runsieve.tables import write_csv


def main(job):
    with job_log(job.log[0]):
        params = job.params
        paths = dict(zip(params.models, job.input.scores, strict=True))
        require_same_files(paths)
        tests = {
            name: read_predictions(path, params.classes).part("test")
            for name, path in paths.items()
        }
        write_csv(compare_pairs(tests, params.bootstrap, params.seed), job.output.pairs)


if __name__ == "__main__":
    main(snakemake)  # noqa: F821
