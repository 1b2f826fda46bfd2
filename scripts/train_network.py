"""Train a network on a sample; after a kill the next start goes on."""

from pathlib import Path

from runsieve.backend import prepare_backend
from runsieve.config.network import Network
from runsieve.job import job_log
from runsieve.sample_files import open_sample


def main(job):
    with job_log(job.log[0]):
        # Here, because what TensorFlow says at import belongs into the log.
        from runsieve.training import train

        prepare_backend(job.threads)
        params, output = job.params, job.output
        settings = Network.model_validate(params.network)
        sample = open_sample(job.input.events, job.input.arrays)
        state = Path(output.model).with_name("resume.npz")
        trained = train(settings, *sample, params.classes, params.seed, state, params.code)
        trained.save(output.model, output.last, output.history, output.training)
        state.unlink(missing_ok=True)


if __name__ == "__main__":
    main(snakemake)  # noqa: F821
