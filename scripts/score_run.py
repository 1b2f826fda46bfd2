"""Score a whole run with a trained model, or with those of all folds of a sample."""

from runsieve.computing import limited
from runsieve.evaluation.scores import load_scorer
from runsieve.job import job_log
from runsieve.scoring.about import about_run
from runsieve.scoring.asked import RunToScore
from runsieve.scoring.branches import Branches
from runsieve.scoring.drawn import Drawn
from runsieve.scoring.scoring import Models, score_run


def main(job):
    params, given, output = job.params, job.input, job.output
    with job_log(job.log[0]), limited(1):
        asked = RunToScore.of(params.asked)
        seen = params.prefixes, params.classes, params.working_points
        branches = Branches.of(*seen, given.scores, asked.kept)
        scorers = [load_scorer(params.scorer, one, params.user_files) for one in given.models]
        models = Models(scorers, Drawn.read(given.events, asked.run, params.sample))
        about = about_run(asked, branches, given.models, params.told)
        files = output.friend, output.table
        score_run(asked, models, branches, about, *files, max(1, job.threads - 1))


if __name__ == "__main__":
    main(snakemake)  # noqa: F821
