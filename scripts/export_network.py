"""Write a trained network as ONNX, and compare ONNX Runtime and Keras on test events."""

from pathlib import Path

from runsieve.computing import importing, limited
from runsieve.job import job_log
from runsieve.networks.metadata import signature, thresholds_in
from runsieve.samples.sample_files import open_sample
from runsieve.tables import write_json


def main(job):
    with job_log(job.log[0]), limited(job.threads):
        with importing():
            from runsieve.networks.exporting import export

        params, found = job.params, job.input
        facts = params.facts | signature(found.model, params.inputs)
        facts["working_points"] = thresholds_in(found.points, facts)
        sample = open_sample(found.events, found.arrays)
        place = Path(job.output.onnx)
        report = export(Path(found.model), params.user_files, *sample, facts, place)
        write_json(report, job.output.report)


if __name__ == "__main__":
    main(snakemake)  # noqa: F821
