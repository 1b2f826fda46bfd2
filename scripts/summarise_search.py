"""Summarise a search for hyper-parameters: its trials, what matters, and the model to take."""

from runsieve.config.search import Search
from runsieve.figures.described import Described
from runsieve.figures.search import draw_search
from runsieve.figures.style import save
from runsieve.job import job_log
from runsieve.tables import write_csv, write_text
from runsieve.tuning import summary


def main(job):
    params, output = job.params, job.output
    search, name = Search.model_validate(params.search), job.wildcards.search
    with job_log(job.log[0]):
        journal = summary.journal_of(params.studies, job.input.workers)
        study = summary.read_study(journal, search)
        history, importances = summary.tables_of(study, search)
        chosen = summary.chosen_trial(history, search.tolerance)
        best = summary.best_settings(params.model, search, study.trials[chosen].params)
        write_csv(history, output.history)
        write_csv(importances, output.importances)
        write_text(summary.best_file(name, search, history, chosen, best), output.best)
        described = Described(params.title, simulated=params.simulated)
        figure = draw_search(history, importances, chosen, search.tolerance, described)
        save(figure, output.figures)


if __name__ == "__main__":
    main(snakemake)  # noqa: F821
