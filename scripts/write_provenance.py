"""Write when, from what and with what the results of an analysis were made."""

import json
from pathlib import Path

from runsieve.job import job_log
from runsieve.reports.provenance import machines, made
from runsieve.tables import write_json, write_text


def main(job):
    with job_log(job.log[0]):
        trainings = (Path(one).read_text(encoding="utf-8") for one in job.input.trainings)
        content = {
            **made(),
            "scale": job.params.scale,
            "trained_on": machines(map(json.loads, trainings)),
            "runs": job.params.runs,
        }
        write_json(content, job.output.provenance)
        write_text(job.params.configuration, job.output.configuration)


if __name__ == "__main__":
    main(snakemake)  # noqa: F821
