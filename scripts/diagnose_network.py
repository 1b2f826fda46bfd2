"""Look for what may be wrong with a trained network."""

from runsieve.backend import prepare_backend
from runsieve.config.network import Network
from runsieve.config.report import Report
from runsieve.job import job_log
from runsieve.sample_files import open_sample
from runsieve.tables import write_json


def main(job):
    with job_log(job.log[0]):
        from runsieve.diagnosis import diagnose, say
        from runsieve.observations import observe, read_training

        prepare_backend(job.threads)
        params, found = job.params, job.input
        settings = Network.model_validate(params.network)
        report = Report.model_validate(params.report)
        trained = read_training(found.model, found.last, found.history, found.training)
        sample = open_sample(found.events, found.arrays)
        seen = observe(trained, settings, *sample, params.seed, report)
        write_json(trained.facts | say(diagnose(seen)), job.output.diagnosis)


if __name__ == "__main__":
    main(snakemake)  # noqa: F821
