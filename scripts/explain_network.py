"""Explain the decisions of a network on test events: attributions, their checks, feature maps."""

from runsieve.computing import importing, limited
from runsieve.config.explain import Explain
from runsieve.config.inputs import Input
from runsieve.evaluation.explained_events import events_to_explain
from runsieve.job import job_log
from runsieve.reports.explanation import explanation_report
from runsieve.samples.sample_files import open_sample


def main(job):
    with job_log(job.log[0]), limited(job.threads):
        with importing():
            from runsieve.networks.explanation import explain_file

        params, found, made = job.params, job.input, job.output
        inputs = {name: Input.model_validate(one) for name, one in params.inputs.items()}
        settings = Explain.model_validate(params.explain)
        events, arrays = open_sample(found.events, found.arrays)
        chosen = events_to_explain(events, params.classes, settings.events, found.gallery)
        raw = {name: arrays[name][chosen["row"].to_numpy()] for name in inputs}
        explained = explain_file(found.model, params.user_files, inputs, raw, chosen)
        report = explanation_report(explained, chosen, raw, params.classes, inputs, settings)
        report.write(made.arrays, made.table, made.randomisation, made.report)


if __name__ == "__main__":
    main(snakemake)  # noqa: F821
