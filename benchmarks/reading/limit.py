"""The limit: reading the baskets that the task needs, their checksums and decompression."""

import json
import os
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import cramjam
import numpy as np
import pandas as pd
import uproot
import xxhash
from task import COLUMNS, STRIDE, THREADS, TREE, WAVEFORM, sys

BLOCK_HEADER, CHECKSUM = 9, 8  # bytes; ROOT's compressed blocks hold at most 16 MB each


def decompress(content: bytes) -> int:
    key = int.from_bytes(content[14:16], "big")
    size = 0
    if content[key : key + 2] != b"L4":  # stored as it is
        return len(content) - key
    while key < len(content):
        compressed = int.from_bytes(content[key + 3 : key + 6], "little")
        whole = int.from_bytes(content[key + 6 : key + 9], "little")
        start = key + BLOCK_HEADER
        block = content[start + CHECKSUM : start + compressed]
        values = cramjam.lz4.decompress_block(block, output_len=whole)
        checksum = int.from_bytes(content[start : start + CHECKSUM], "big")
        assert xxhash.xxh64(block).intdigest() == checksum
        size += len(values)
        key = start + compressed
    return size


def main(raw: Path, output: Path) -> None:
    entries = pd.read_parquet(output.with_suffix(".parquet"))["entry"].to_numpy()[::STRIDE]
    with uproot.open(raw) as file:
        tree = file[TREE]
        places = []
        for name in (*COLUMNS.values(), WAVEFORM):
            branch = tree[name]
            baskets = np.arange(branch.num_baskets)
            if name == WAVEFORM:
                baskets = np.searchsorted(branch.entry_offsets, entries, side="right") - 1
            seek, size = branch.member("fBasketSeek"), branch.member("fBasketBytes")
            places += [(int(seek[basket]), int(size[basket])) for basket in np.unique(baskets)]
    file = os.open(raw, os.O_RDONLY)
    start = time.perf_counter()
    with ThreadPoolExecutor(THREADS) as pool:
        size = sum(pool.map(lambda place: decompress(os.pread(file, place[1], place[0])), places))
    seconds = time.perf_counter() - start
    print(json.dumps({"seconds": seconds, "baskets": len(places), "megabytes": size / 1e6}))


main(*map(Path, sys.argv[1:3]))
