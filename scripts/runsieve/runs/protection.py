"""Columns whose bytes have no checksum, so that damage to them can go unnoticed."""

from collections.abc import Iterable, Iterator

from runsieve.runs.baskets import split_part
from runsieve.runs.sources import reading
from runsieve.runs.trees import Chain


def unprotected(chain: Chain, branches: Iterable[str]) -> list[str]:
    """One sentence per file and branch, of the run or a friend, with blocks without a checksum.

    A branch may name a part of each entry, see `split_part`. Raises RunsieveError if a branch is
    missing or the sizes of a block are damaged.
    """
    places = [chain.located(branch) for branch in branches]
    sentences = []
    for holder in (chain, *(friend.chain for friend in chain.friends.values())):
        names = {split_part(holder, inner)[0] for where, inner in places if where is holder}
        sentences += _sentences(holder, sorted(names))
    return sentences


def _sentences(chain: Chain, names: list[str]) -> Iterator[str]:
    chain.require(names)
    for file, source in zip(chain.files, chain.sources, strict=True):
        place = f"run {chain.run}: {file}"
        for column in (source[name] for name in names):
            with reading(place, f"the {column.block_word} of {column.label}"):
                found = column.unprotected()
            if found:
                kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(found.items()))
                yield (
                    f"{place}: {column.label} has {column.block_word} without a checksum ({kinds} "
                    f"of {column.blocks}); damage to them can change values unnoticed"
                )
