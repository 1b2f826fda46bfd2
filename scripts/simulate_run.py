"""Write one simulated run as a ROOT file."""

from runsieve.job import job_log
from runsieve.simulate.models import detector, parameters


def main(job):
    with job_log(job.log[0]):
        detector(job.params.model).write_run(
            job.output.run,
            run=job.params.run,
            kind=job.params.kind,
            events=job.params.events,
            channels=list(job.params.channels),
            parameters=parameters(job.params.model).model_validate(dict(job.params.parameters)),
            seed=job.params.seed,
        )


if __name__ == "__main__":
    main(snakemake)  # noqa: F821
