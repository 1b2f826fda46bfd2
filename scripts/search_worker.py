"""Run trials of a search for hyper-parameters; what was finished before an interruption counts."""

from pathlib import Path

from runsieve.computing import importing, limited
from runsieve.config.search import Search
from runsieve.job import job_log
from runsieve.locks import locked
from runsieve.samples.sample_files import FitSample, open_sample, pulses_of
from runsieve.tables import write_json


def main(job):
    params, fitted, worker = job.params, job.params.fitted, int(job.wildcards.worker)
    search, folder = Search.model_validate(params.search), Path(params.studies)
    with job_log(job.log[0]), locked(folder / f"worker{worker}.lock"), limited(job.threads):
        with importing():
            from runsieve.tuning.objective import SEEN, objective_of
            from runsieve.tuning.study import study_key
            from runsieve.tuning.worker import work
        key = study_key(search, fitted, [*job.input.drawn, *job.input.digests])
        opened = open_sample(job.input.events, job.input.arrays, SEEN)
        sample = FitSample(*opened, fitted["classes"], params.matched, pulses_of(fitted["pulses"]))
        auc = objective_of(fitted["model"], sample, search.seed)
        ran = work(folder / f"{key}.log", search, worker, auc)
        write_json({"study": key, "worker": worker, "trials": ran}, job.output.trials)


if __name__ == "__main__":
    main(snakemake)  # noqa: F821
