"""Submission of jobs to a cluster: the programs that Snakemake's plugins call for it."""

import os
from pathlib import Path


def prefer(folder: Path) -> None:
    """Programs in this folder are found before others of their names, by all that starts here."""
    folders = os.environ.get("PATH", os.defpath).split(os.pathsep)
    if str(folder) not in folders:
        os.environ["PATH"] = os.pathsep.join([str(folder), *folders])
