"""Fit a baseline to a sample."""

from pydantic import TypeAdapter
from threadpoolctl import threadpool_limits

from runsieve.baselines import fit, save
from runsieve.config.model import Model
from runsieve.files import written
from runsieve.job import job_log
from runsieve.sample_files import only, open_sample


def main(job):
    with job_log(job.log[0]), threadpool_limits(job.threads):
        settings = TypeAdapter(Model).validate_python(job.params.model)
        events, arrays = open_sample(job.input.events, job.input.arrays)
        params = job.params
        baseline = fit(settings, events, only(arrays), params.classes, params.seed, params.matched)
        with written(job.output.model) as path:
            save(baseline, path)


if __name__ == "__main__":
    main(snakemake)  # noqa: F821
