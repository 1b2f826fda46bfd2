"""Draw where the attributions of a network lie: of each class, of single events, and its maps."""

import numpy as np
import pandas as pd

from runsieve.config.inputs import Input
from runsieve.figures.attribution import draw_attribution
from runsieve.figures.described import Described
from runsieve.figures.explained_events import draw_explained_events
from runsieve.figures.feature_maps import draw_feature_maps
from runsieve.figures.style import save
from runsieve.job import job_log
from runsieve.reports.explanation import read_facts


def main(job):
    with job_log(job.log[0]):
        params, found, made = job.params, job.input, job.output
        inputs = {name: Input.model_validate(one) for name, one in params.inputs.items()}
        arrays = dict(np.load(found.arrays, allow_pickle=False))
        table, facts = pd.read_csv(found.table), read_facts(found.report)
        described = Described(params.name, params.titles, params.simulated)
        save(draw_attribution(table, facts, params.classes, inputs, described), made.attribution)
        save(draw_explained_events(arrays, facts, inputs, described), made.events)
        save(draw_feature_maps(arrays, facts, params.classes, described), made.maps)


if __name__ == "__main__":
    main(snakemake)  # noqa: F821
