"""Columns whose bytes have no checksum, so that damage to them can go unnoticed."""

from collections.abc import Iterable

from runsieve.runs.sources import reading
from runsieve.runs.trees import Chain


def unprotected(chain: Chain, branches: Iterable[str]) -> list[str]:
    """One sentence per file and branch that has blocks without a checksum.

    Raises RunsieveError if a branch is missing or the sizes of a block are damaged.
    """
    branches = sorted(branches)
    chain.require(branches)
    sentences = []
    for file, source in zip(chain.files, chain.sources, strict=True):
        place = f"run {chain.run}: {file}"
        for column in (source[name] for name in branches):
            with reading(place, f"the {column.block_word} of {column.label}"):
                found = column.unprotected()
            if found:
                kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(found.items()))
                sentences.append(
                    f"{place}: {column.label} has {column.block_word} without a checksum ({kinds} "
                    f"of {column.blocks}); damage to them can change values unnoticed"
                )
    return sentences
