"""Train a network on a sample."""

from runsieve.backend import prepare_backend
from runsieve.config.model import Network
from runsieve.files import written
from runsieve.job import job_log
from runsieve.sample_files import open_sample


def main(job):
    with job_log(job.log[0]):
        # Here, because what TensorFlow says at import belongs into the log.
        from runsieve.training import train

        prepare_backend(job.threads)
        settings = Network.model_validate(job.params.network)
        events, array = open_sample(job.input.events, job.input.array)
        network, history = train(settings, events, array, job.params.classes, job.params.seed)
        with written(job.output.model) as path:
            network.save(path)
        with written(job.output.history) as path:
            history.to_csv(path, index=False)


if __name__ == "__main__":
    main(snakemake)  # noqa: F821
