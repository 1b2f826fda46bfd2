"""Look for what may be wrong with a trained network."""

import json
from pathlib import Path

import numpy as np
import pandas as pd

from runsieve.backend import prepare_backend
from runsieve.config.network import Network
from runsieve.config.report import Report
from runsieve.job import job_log
from runsieve.sample_files import open_sample
from runsieve.tables import write_json


def main(job):
    with job_log(job.log[0]):
        from runsieve.diagnosis import diagnose, say
        from runsieve.networks import load
        from runsieve.observations import observe

        prepare_backend(job.threads)
        params, network = job.params, load(job.input.model)
        sample = open_sample(job.input.events, job.input.arrays)
        training = json.loads(Path(job.input.training).read_text())
        history = pd.read_csv(job.input.history)
        settings, report = (
            Network.model_validate(params.network),
            Report.model_validate(params.report),
        )
        with np.load(job.input.last) as file:
            last = list(file.values())
        seen = observe(network, last, settings, *sample, history, params.seed, report)
        write_json(training | say(diagnose(seen)), job.output.diagnosis)


if __name__ == "__main__":
    main(snakemake)  # noqa: F821
