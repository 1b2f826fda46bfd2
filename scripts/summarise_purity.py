"""Count which simulated processes the events of each class of a sample are of."""

from runsieve.config.report import Report
from runsieve.evaluation.purity import purity_table
from runsieve.job import job_log
from runsieve.samples.sample_files import open_sample
from runsieve.tables import write_csv


def main(job):
    with job_log(job.log[0]):
        params = job.params
        report = Report.model_validate(params.report)
        events, arrays = open_sample(job.input.events, job.input.truth)
        (processes,) = arrays.values()
        table = purity_table(
            events,
            processes[events["row"]],
            params.classes,
            params.processes,
            report.binned,
            report.bin_edges,
        )
        write_csv(table, job.output.purity)


if __name__ == "__main__":
    main(snakemake)  # noqa: F821
