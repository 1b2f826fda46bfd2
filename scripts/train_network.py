"""Train a network on a sample; an interrupted training is resumed, one that runs is waited for."""

from pathlib import Path

from runsieve.computing import importing, limited
from runsieve.job import job_log
from runsieve.locks import locked
from runsieve.networks.registry import validated
from runsieve.samples.sample_files import FitSample, open_sample, pulses_of


def main(job):
    state = Path(job.params.state)
    with job_log(job.log[0]), locked(state.with_suffix(".lock")), limited(job.threads):
        # Imported here, so that what TensorFlow prints on import goes to the log.
        with importing():
            from runsieve.networks.training import train

        params, output = job.params, job.output
        opened = open_sample(job.input.events, job.input.arrays)
        sample = FitSample(*opened, params.classes, pulses=pulses_of(params.pulses))
        trained = train(validated(params.network), sample, params.seed, state, params.code)
        trained.save(output.model, output.last, output.history, output.training)


if __name__ == "__main__":
    main(snakemake)  # noqa: F821
