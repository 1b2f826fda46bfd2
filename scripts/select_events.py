"""Write the event list and the cut flow of one run, or of several."""

from runsieve.job import job_log
from runsieve.selection.selecting import Common, Selection, select_runs


def main(job):
    params = job.params
    with job_log(job.log[0]) as say:
        runs = {int(run): Selection(**one) for run, one in params.runs.items()}
        common = Common(params.tree, params.channels, params.keep, params.hit, params.skip)
        select_runs(runs, common, job.output, say)


if __name__ == "__main__":
    main(snakemake)  # noqa: F821
