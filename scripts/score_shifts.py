"""Score the test events of a sample with each shift of what the model sees."""

from runsieve.computing import limited
from runsieve.evaluation.scores import load_scorer
from runsieve.evaluation.shifted_scores import shifted_scores
from runsieve.files import written
from runsieve.job import job_log
from runsieve.samples.sample_files import open_sample
from runsieve.samples.shifting import AppliedShift


def main(job):
    with job_log(job.log[0]), limited(job.threads):
        params = job.params
        events, arrays = open_sample(job.input.events, job.input.arrays)
        scorer = load_scorer(params.scorer, job.input.model, params.user_files)
        shifts = {name: AppliedShift.of(values) for name, values in params.shifts.items()}
        scores = shifted_scores(scorer, events, arrays, shifts)
        with written(job.output.scores) as path:
            scores.to_parquet(path, index=False)


if __name__ == "__main__":
    main(snakemake)  # noqa: F821
