"""From the entry in the run sheet to the files of a run."""

import glob

from runsieve.errors import RunsieveError


def run_files(words: str, run: int) -> list[str]:
    """Paths and `root://` addresses of a run, in order; globs are expanded, sorted by name.

    Raises RunsieveError if a path or glob matches no file.
    """
    files: list[str] = []
    for word in words.split():
        if "://" in word:
            files.append(word)
            continue
        found = sorted(glob.glob(word))
        if not found:
            raise RunsieveError(f"run {run}: no file '{word}' (named in the configuration)")
        files += found
    return files


def local(files: list[str]) -> list[str]:
    """The files that Snakemake can watch, those without a `root://` address."""
    return [file for file in files if "://" not in file]
