"""Score a whole run with a trained model, or with those of all folds of a sample."""

import pandas as pd

from runsieve.computing import limited
from runsieve.config.sample import Sample
from runsieve.config.working_point import WorkingPoint
from runsieve.evaluation.predictions import read_predictions
from runsieve.evaluation.scores import load_scorer
from runsieve.evaluation.working_points import decisions
from runsieve.job import job_log
from runsieve.scoring.about import about_run
from runsieve.scoring.asked import RunToScore
from runsieve.scoring.branches import Branches
from runsieve.scoring.drawn import Drawn
from runsieve.scoring.scoring import Models, score_run


def main(job):
    with job_log(job.log[0]), limited(1):
        params, asked = job.params, RunToScore.of(job.params.asked)
        points = {name: WorkingPoint(**one) for name, one in params.working_points.items()}
        predictions = read_predictions(job.input.scores, params.classes)
        prefixes = {int(channel): text for channel, text in params.prefixes.items()}
        branches = Branches(prefixes, params.classes, decisions(points, predictions), asked.kept)
        sample = Sample.model_validate(params.sample)
        drawn = Drawn.of(pd.read_parquet(job.input.events), asked.run, sample)
        files = params.user_files
        scorers = [load_scorer(params.scorer, one, files) for one in job.input.models]
        about = about_run(asked, branches, job.input.models, params.told)
        models = Models(scorers, drawn)
        output = job.output.friend, job.output.table
        score_run(asked, models, branches, about, *output, max(1, job.threads - 1))


if __name__ == "__main__":
    main(snakemake)  # noqa: F821
