"""Train a network on a sample; after a kill the next start goes on."""

from pathlib import Path

import numpy as np

from runsieve.backend import prepare_backend
from runsieve.config.network import Network
from runsieve.files import written
from runsieve.job import job_log
from runsieve.sample_files import open_sample
from runsieve.tables import write_csv, write_json


def main(job):
    with job_log(job.log[0]):
        # Here, because what TensorFlow says at import belongs into the log.
        from runsieve.training import train

        prepare_backend(job.threads)
        params, model = job.params, Path(job.output.model)
        settings = Network.model_validate(params.network)
        sample = open_sample(job.input.events, job.input.arrays)
        state = model.with_name("resume.npz")
        trained = train(settings, *sample, params.classes, params.seed, state, params.code)
        with written(model) as path:
            trained.network.save(path)
        with written(job.output.last) as path, path.open("wb") as file:
            np.savez(file, *trained.last)
        write_csv(trained.history, job.output.history)
        write_json(trained.facts(), job.output.training)
        state.unlink(missing_ok=True)


if __name__ == "__main__":
    main(snakemake)  # noqa: F821
