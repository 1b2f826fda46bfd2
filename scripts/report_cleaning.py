"""Report what cleaning a sample found, and what models gained on the same test events."""

import pandas as pd

from runsieve.config.inputs import Input
from runsieve.evaluation.cleaning import compare_cleaned, found_labels, known_wrong
from runsieve.evaluation.predictions import read_predictions
from runsieve.figures.described import Described
from runsieve.figures.style import save
from runsieve.job import job_log
from runsieve.reports.doubted import draw_doubted
from runsieve.samples.sample_files import open_sample
from runsieve.tables import write_csv


def main(job):
    with job_log(job.log[0]):
        params, classes = job.params, job.params.classes
        events, arrays = open_sample(job.input.events, job.input.arrays)
        _, truth = open_sample(job.input.events, job.input.truth)
        doubted = pd.read_csv(job.input.doubted)
        wrong = known_wrong(events, next(iter(truth.values()), None), params.processes)
        used = (events["split"] != "test").to_numpy()
        wrong = None if wrong is None else wrong[used]
        write_csv(found_labels(events[used], doubted, classes, wrong), job.output.cleaning)
        scored = [
            dict(
                zip(
                    params.trainings, [read_predictions(one, classes) for one in paths], strict=True
                )
            )
            for paths in (job.input.before, job.input.after)
        ]
        write_csv(compare_cleaned(*scored), job.output.models)
        inputs = {name: Input.model_validate(one) for name, one in params.inputs.items()}
        described = Described(f"doubted labels of {params.name}", params.titles, params.simulated)
        save(draw_doubted(doubted, arrays, inputs, described), job.output.figures)


if __name__ == "__main__":
    main(snakemake)  # noqa: F821
