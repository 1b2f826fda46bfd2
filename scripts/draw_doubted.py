"""Draw the events of a sample whose label is doubted most."""

import pandas as pd

from runsieve.config.inputs import Input
from runsieve.figures.described import Described
from runsieve.figures.style import save
from runsieve.job import job_log
from runsieve.reports.doubted import draw_doubted
from runsieve.samples.sample_files import open_sample


def main(job):
    with job_log(job.log[0]):
        params = job.params
        _, arrays = open_sample(job.input.events, job.input.arrays)
        inputs = {name: Input.model_validate(one) for name, one in params.inputs.items()}
        described = Described(f"doubted labels of {params.name}", params.titles, params.simulated)
        figure = draw_doubted(pd.read_csv(job.input.doubted), arrays, inputs, described)
        save(figure, job.output.figures)


if __name__ == "__main__":
    main(snakemake)  # noqa: F821
