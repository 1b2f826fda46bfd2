"""Score a folder of pictures without labels."""

import tempfile
from pathlib import Path

import pandas as pd

from runsieve.computing import limited
from runsieve.config.ingest import Ingest
from runsieve.evaluation.scores import load_scorer
from runsieve.ingest.run import ingest
from runsieve.job import job_log
from runsieve.scoring.pictures import run_of_pictures, score_pictures
from runsieve.tables import write_csv


def main(job):
    params, folder = job.params, Path(job.output.table).parent
    folder.mkdir(parents=True, exist_ok=True)
    with job_log(job.log[0]) as say, limited(1), tempfile.TemporaryDirectory(dir=folder) as place:
        run, listed = Path(place) / "run0.root", Path(place) / "pictures.csv"
        settings, source = Ingest.model_validate(params.ingest), Path(params.folder)
        ingest(0, "", source, settings, run, listed, job.threads, say, labelled=False)
        scorers = [load_scorer(params.scorer, one, params.user_files) for one in job.input.models]
        asked, pictures = run_of_pictures(params.asked, run), pd.read_csv(listed)
        write_csv(score_pictures(asked, scorers, params.classes, pictures), job.output.table)


if __name__ == "__main__":
    main(snakemake)  # noqa: F821
