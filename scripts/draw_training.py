"""Draw the training of a network, epoch by epoch."""

import json
from pathlib import Path

import pandas as pd

from runsieve.figures.described import Described
from runsieve.figures.style import save
from runsieve.figures.training import draw_training
from runsieve.job import job_log


def main(job):
    with job_log(job.log[0]):
        history = pd.read_csv(job.input.history)
        training = json.loads(Path(job.input.training).read_text(encoding="utf-8"))
        params = job.params
        described = Described(params.name, params.titles, params.simulated)
        figure = draw_training(history, training["kept_epoch"], described)
        save(figure, job.output.figures)


if __name__ == "__main__":
    main(snakemake)  # noqa: F821
