"""Write the event list and the cut flow of one run."""

from runsieve.job import job_log
from runsieve.runs.checksums import require_checksums
from runsieve.runs.columns import read_columns
from runsieve.runs.contents import contents_of
from runsieve.runs.event_numbers import with_unique_events
from runsieve.runs.friends import open_run
from runsieve.selection.event_lists import write_selection
from runsieve.selection.leaving_out import leaving_out, require_present
from runsieve.selection.selector import Selector


def main(job):
    params, output = job.params, job.output
    with job_log(job.log[0]) as say:
        selector = Selector(params.run, params.classes, params.channels, params.keep, params.hit)
        with leaving_out(selector, output, params.files, params.skip, say):
            require_present(params.absence)
            require_checksums(params.run, params.files, params.checksums)
            files = params.files, params.tree, params.computed, params.friends
            with open_run(params.run, *files) as chain:
                chunks = read_columns(chain, params.columns, params.channels)
                lists = selector.select(with_unique_events(chunks, chain, params.columns["event"]))
                write_selection(lists, selector.cutflow, output, contents_of(chain, params.columns))


if __name__ == "__main__":
    main(snakemake)  # noqa: F821
