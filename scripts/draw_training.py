"""Draw the training of a network, epoch by epoch."""

import pandas as pd

from runsieve.figures.style import save
from runsieve.figures.training import draw_training
from runsieve.job import job_log


def main(job):
    with job_log(job.log[0]):
        history = pd.read_csv(job.input.history)
        figure = draw_training(history, job.params.titles, job.params.name)
        save(figure, job.output.figures)


if __name__ == "__main__":
    main(snakemake)  # noqa: F821
