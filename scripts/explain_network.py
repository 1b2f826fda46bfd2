"""Explain the decisions of a network on test events: attributions, their checks, feature maps."""

import pandas as pd

from runsieve.computing import importing, limited
from runsieve.config.explain import Explain
from runsieve.config.inputs import Input
from runsieve.evaluation.explained_events import events_to_explain
from runsieve.job import job_log
from runsieve.reports.explanation import explanation_report, write_arrays
from runsieve.samples.sample_files import open_sample
from runsieve.tables import write_csv, write_json


def main(job):
    with job_log(job.log[0]), limited(job.threads):
        with importing():
            from runsieve.networks.explanation import explain_file

        params, found, made = job.params, job.input, job.output
        inputs = {name: Input.model_validate(one) for name, one in params.inputs.items()}
        settings = Explain.model_validate(params.explain)
        gallery = pd.read_csv(found.gallery[0]) if found.gallery else None
        events, arrays = open_sample(found.events, found.arrays)
        chosen = events_to_explain(events, params.classes, settings.events, gallery)
        raw = {name: arrays[name][chosen["row"].to_numpy()] for name in inputs}
        explained = explain_file(found.model, params.user_files, inputs, raw, chosen)
        report = explanation_report(explained, chosen, raw, params.classes, inputs, settings)
        write_arrays(report.arrays, made.arrays)
        write_csv(report.table, made.table)
        write_csv(explained.randomisation, made.randomisation)
        write_json(report.facts, made.report)


if __name__ == "__main__":
    main(snakemake)  # noqa: F821
