"""Events of equal or similar content in different splits of a sample, where none should be."""

import hashlib
from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pandas as pd

from runsieve.samples.mapped import Resident

SIDE = 8  # pixels of the small picture that the average hash is made of, along each axis
Hashes = Callable[[np.ndarray], np.ndarray]
CHUNK = 32e6  # bytes
BLOCKS = 65  # of a waveform, whose differences are the 64 bits of its hash
WORDS = {"exact": "have the same values", "near": "look alike (hash of blocks)"}
COLUMNS = ("kind", "set", "split", "run", "event", "channel", "class", "row")


def search(arrays: Mapping[str, np.ndarray], events: pd.DataFrame, pictures: bool) -> pd.DataFrame:
    """The table of `find_duplicates` of all `arrays`, with a first column input.

    pictures: True for a sample of pictures; those of the inputs that are such are compared as such
    """
    tables = []
    for name, array in arrays.items():
        shape = array.shape[1:]
        picture = pictures and is_picture(shape)
        alike = average_hashes if picture else difference_hashes if is_waveform(shape) else None
        tables.append(find_duplicates(array, events, alike).assign(input=name))
    empty = pd.DataFrame(columns=["input", *COLUMNS])
    return pd.concat([one for one in tables if len(one)] or [empty])[list(empty)]


def is_picture(shape: Sequence[int]) -> bool:
    """True for the shape of a picture, (height, width) or (height, width, 3), that is not tiny."""
    return len(shape) in (2, 3) and min(shape[:2]) >= SIDE and tuple(shape[2:]) in ((), (3,))


def is_waveform(shape: Sequence[int]) -> bool:
    """True for the shape of a waveform, (values,), that has at least two values per block."""
    return len(shape) == 1 and shape[0] >= 2 * BLOCKS


def find_duplicates(
    array: np.ndarray, events: pd.DataFrame, alike: Hashes | None = None
) -> pd.DataFrame:
    """Events that have a twin in another split or fold.

    `array`: an input of the `events` of a sample, in the order of their rows. Returns one row per
    event and kind, with the columns of COLUMNS: kind is `exact` for equal values and
    `near` for different values with equal hashes by `alike` (`average_hashes`, `difference_hashes`,
    None for neither); events of one kind and set are twins. With folds, split is `fold1`, ….
    """
    events = events.sort_values("row")
    if "fold" in events:
        events = events.assign(split="fold" + events["fold"].astype(str))
    exact, near = np.zeros((2, len(array)), dtype=np.uint64)
    resident = Resident(array)
    step = max(1, int(CHUNK // max(1, array[:1].nbytes)))
    for start in range(0, len(array), step):
        part = array[start : start + step]
        exact[start : start + step] = content_hashes(part)
        if alike is not None:
            near[start : start + step] = alike(part)
        resident.touch(part.nbytes)
    exact, near = exact[events["row"]], near[events["row"]]
    found = [_sets(events, "exact", exact)]
    if alike is not None:
        # Of several events with the same values one stands for all, as these are counted above.
        single = ~pd.Series(exact).duplicated().to_numpy()
        found.append(_sets(events[single], "near", near[single]))
    return pd.concat(found, ignore_index=True)


def content_hashes(array: np.ndarray) -> np.ndarray:
    """64 bits of the BLAKE2b hash of each row, shape (rows,)."""
    rows = np.ascontiguousarray(array).reshape(len(array), -1).view(np.uint8)
    digests = b"".join(hashlib.blake2b(row, digest_size=8).digest() for row in rows)
    return np.frombuffer(digests, dtype=np.uint64)


def average_hashes(pictures: np.ndarray) -> np.ndarray:
    """Average hash of each picture, shape (pictures,).

    A picture becomes 8 x 8 means over blocks and colours; each bit says whether one of them is
    above their average. Scaling, compression and brightness hardly change it. Source: N. Krawetz,
    "Looks like it", hackerfactor.com, 2011.
    """
    grey = pictures.astype(np.float32)
    if grey.ndim == 4:
        grey = grey.mean(axis=3)
    for axis in (1, 2):
        edges = np.linspace(0, grey.shape[axis], SIDE + 1).astype(int)
        widths = np.diff(edges).reshape((-1, 1) if axis == 1 else (1, -1))
        grey = np.add.reduceat(grey, edges[:-1], axis=axis) / widths
    blocks = grey.reshape(len(grey), -1)
    bits = blocks > blocks.mean(axis=1, keepdims=True)
    return np.packbits(bits, axis=1).view(np.uint64)[:, 0]


def difference_hashes(waveforms: np.ndarray) -> np.ndarray:
    """Difference hash of each waveform, shape (waveforms,).

    Each bit says whether the mean of a block is above that of the block before it: where nothing
    but noise is recorded that is chance, so only copies agree in all, also with another gain or
    baseline. A waveform of which half of the blocks are equal, as after zero suppression, has the
    hash of its content. Source, for pictures: N. Krawetz, "Kind of Like That", hackerfactor.com,
    2013.
    """
    edges = np.linspace(0, waveforms.shape[1], BLOCKS + 1).astype(int)[:-1]
    sizes = np.diff([*edges, waveforms.shape[1]])
    blocks = np.add.reduceat(waveforms.astype(np.float64), edges, axis=1) / sizes
    steps = np.diff(blocks, axis=1)
    bits = np.packbits(steps > 0, axis=1).view(np.uint64)[:, 0]
    flat = (steps == 0).sum(axis=1) > BLOCKS // 2
    return np.where(flat, content_hashes(waveforms), bits)


def duplicates_sentences(sample: str, found: pd.DataFrame) -> list[str]:
    """What `search` found in a sample, one sentence per input."""
    texts = []
    for name, table in found.groupby("input", sort=False):
        parts = []
        for kind, words in WORDS.items():
            mine = table[table["kind"] == kind]
            if len(mine):
                counts = mine.groupby("split", sort=False).size()
                places = ", ".join(f"{count} of {split}" for split, count in counts.items())
                parts.append(f"{len(mine)} events in different splits {words}: {places}")
        texts.append(f"sample {sample}, input {name}: {'; '.join(parts)}")
    return texts


def _sets(events: pd.DataFrame, kind: str, hashes: np.ndarray) -> pd.DataFrame:
    """The events whose hash occurs in several splits, set by set."""
    events = events.assign(_hash=hashes, kind=kind)
    twins = events[events.groupby("_hash")["split"].transform("nunique") > 1]
    twins = twins.assign(set=pd.factorize(twins["_hash"])[0] + 1)
    return twins.sort_values(["set", "row"])[list(COLUMNS)]
