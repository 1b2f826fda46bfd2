"""Score every event of a sample with a fitted model, network or baseline."""

from runsieve.computing import limited
from runsieve.evaluation.scores import classes_of, load_scorer, score_table
from runsieve.files import written
from runsieve.job import job_log
from runsieve.samples.sample_files import class_names, open_sample


def main(job):
    with job_log(job.log[0]), limited(job.threads):
        params = job.params
        events, arrays = open_sample(job.input.events, job.input.arrays)
        scorer = load_scorer(params.scorer, job.input.model, params.user_files)
        probabilities = scorer.probabilities(events, arrays)
        truth = None
        if job.input.truth:
            _, processes = open_sample(job.input.events, job.input.truth)
            truth = classes_of(next(iter(processes.values()))[events["row"]], params.truth)
        scores = score_table(events, probabilities, class_names(events), params.variable, truth)
        with written(job.output.scores) as path:
            scores.to_parquet(path, index=False)


if __name__ == "__main__":
    main(snakemake)  # noqa: F821
