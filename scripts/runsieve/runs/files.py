"""From the entry in the run sheet to the files of a run."""

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from runsieve.errors import RunsieveError
from runsieve.runs.folders import Folders


def run_files(words: str, run: int, folders: Folders | None = None) -> list[str]:
    """Paths and `root://` addresses of a run, in order; globs are expanded, sorted by name.

    folders: those that were listed before; they are not listed again. Raises RunsieveError if a
    path or glob matches no file, or a link to a file that is not there.
    """
    folders = Folders() if folders is None else folders
    files: list[str] = []
    for word in words.split():
        if "://" in word:
            files.append(word)
            continue
        found = folders.matching(word)
        if not found and os.path.lexists(words):
            raise RunsieveError(
                f"run {run}: no file '{word}'; spaces separate files, so write "
                f"'{words.replace(' ', '?')}' for '{words}'"
            )
        if not found:
            raise RunsieveError(f"run {run}: no file '{word}' (named in the configuration)")
        for file in found:
            if not Path(file).exists():
                target = os.path.realpath(file)
                raise RunsieveError(
                    f"run {run}: '{file}' is a link to '{target}', which is not there"
                )
        files += found
    return files


def checksums_of(run: int, files: Sequence[str], given: str) -> list[str]:
    """The checksums that the run sheet gives for the files of a run, in their order; maybe none.

    Raises RunsieveError if there is not one for each file.
    """
    found = given.split()
    if found and len(found) != len(files):
        raise RunsieveError(
            f"run {run}: the run sheet should give a checksum for each of the {len(files)} "
            f"files, found {len(found)} (files: {', '.join(files)})"
        )
    return found


def repeated_files(files: Mapping[int, list[str]]) -> Iterator[tuple[int, str]]:
    """Number and a sentence for each run that lists a file twice, or one that an earlier run lists.

    files: paths and addresses, by run. Links are followed.
    """
    seen: dict[str, tuple[int, str]] = {}
    for run, names in files.items():
        told = set()
        for name in names:
            file = _identity(name)
            if file not in seen:
                seen[file] = run, name
                continue
            first, earlier = seen[file]
            if first in told:
                continue
            told.add(first)
            also = "" if earlier == name else f" (there as {earlier})"
            if first == run:
                yield run, f"run {run} lists {name} twice{also}"
            else:
                yield (
                    run,
                    f"run {run} lists {name}, which run {first} lists, too{also}; its events would "
                    "be in both, and in different splits",
                )


def _identity(file: str) -> str:
    return file if "://" in file else os.path.realpath(file)


def local(files: list[str]) -> list[str]:
    """The files that Snakemake can watch, those without a `root://` address."""
    return [file for file in files if "://" not in file]
