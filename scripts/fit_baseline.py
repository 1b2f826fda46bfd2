"""Fit a baseline to a sample."""

from runsieve.baselines.baseline import fit, save
from runsieve.baselines.registry import validated
from runsieve.computing import limited
from runsieve.files import written
from runsieve.job import job_log
from runsieve.samples.sample_files import FitSample, open_sample, pulses_of


def main(job):
    with job_log(job.log[0]), limited(job.threads):
        params = job.params
        opened = open_sample(job.input.events, job.input.arrays)
        sample = FitSample(*opened, params.classes, params.matched, pulses_of(params.pulses))
        baseline = fit(validated(params.model), sample, params.seed)
        with written(job.output.model) as path:
            save(baseline, path)


if __name__ == "__main__":
    main(snakemake)  # noqa: F821
