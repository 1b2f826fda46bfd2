"""Count all selected events of a sample's runs, class by class, in bins of the report's variable.

These are the events before any is drawn: the class mix of real running.
"""

from runsieve.config.report import Report
from runsieve.job import job_log
from runsieve.selection.spectra import read_spectra
from runsieve.tables import write_csv


def main(job):
    with job_log(job.log[0]):
        params = job.params
        report = Report.model_validate(params.report)
        spectra = read_spectra(
            job.input.events,
            params.channels,
            params.classes,
            report.binned,
            report.bin_edges,
            params.runs,
        )
        print(f"{spectra['events'].sum()} selected events in bins of {report.binned}")
        write_csv(spectra, job.output.spectra)


if __name__ == "__main__":
    main(snakemake)  # noqa: F821
