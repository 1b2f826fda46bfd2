"""Write the event list and the cut flow of one run."""

from runsieve.files import written
from runsieve.job import job_log
from runsieve.runs.checksums import require_checksums
from runsieve.runs.columns import read_columns
from runsieve.runs.contents import contents_of
from runsieve.runs.event_numbers import with_unique_events
from runsieve.runs.friends import open_run
from runsieve.selection.event_lists import write_event_list
from runsieve.selection.selector import Selector


def main(job):
    params = job.params
    with job_log(job.log[0]):
        require_checksums(params.run, params.files, params.checksums)
        selector = Selector(params.run, params.classes, params.channels, params.keep, params.hit)
        files = params.files, params.tree, params.computed, params.friends
        with open_run(params.run, *files) as chain:
            chunks = read_columns(chain, params.columns, params.channels)
            lists = selector.select(with_unique_events(chunks, chain, params.columns["event"]))
            with written(job.output.events) as events, written(job.output.cutflow) as cutflow:
                rows = write_event_list(lists, events, contents_of(chain, params.columns))
                selector.cutflow().to_csv(cutflow, index=False)
        print(f"{rows} events selected in {len(params.channels)} channels")


if __name__ == "__main__":
    main(snakemake)  # noqa: F821
