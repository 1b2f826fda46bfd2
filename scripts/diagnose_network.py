"""Run the diagnoses on a trained network."""

from runsieve.computing import importing, limited
from runsieve.config.report import Report
from runsieve.job import job_log
from runsieve.networks.registry import validated
from runsieve.samples.sample_files import FitSample, open_sample, pulses_of
from runsieve.tables import write_json


def main(job):
    with job_log(job.log[0]), limited(job.threads):
        with importing():
            from runsieve.networks.diagnosis import diagnose, say
            from runsieve.networks.observations import observe, read_training

        params, found = job.params, job.input
        settings = validated(params.network)
        files = found.model, found.last, found.history, found.training
        trained = read_training(*files, settings.user_files())
        opened = open_sample(found.events, found.arrays)
        sample = FitSample(*opened, params.classes, pulses=pulses_of(params.pulses))
        seen = observe(trained, settings, sample, params.seed, Report.model_validate(params.report))
        write_json(trained.facts | say(diagnose(seen)), job.output.diagnosis)


if __name__ == "__main__":
    main(snakemake)  # noqa: F821
