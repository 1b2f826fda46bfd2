"""One flipped byte in each of 2,000 small files: python benchmarks/fuzz/fuzz.py.

ROOT writes the files (the package `root` must be importable), one for each layout and compression;
a byte of the baskets or their keys is changed, and every branch is read with the functions of the
project in another process. Writes figures.csv next to this file: layout, compression, cases, and
how many of them ended in each way. `--elsewhere` changes bytes outside of the baskets (directory,
tree, list of keys) instead, and `--checksums ALGORITHM` compares the checksums of the undamaged
files before they are read; both print the figures only.
"""

import argparse
import collections
import sys
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parents[1] / "scripts"), str(HERE.parents[1] / "tests")]

from helpers.fuzzing.cases import FAULTS, OUTCOMES, cases_of, places_of_data, tried
from helpers.fuzzing.layouts import COMPRESSIONS, LAYOUTS, file_name
from helpers.fuzzing.root_files import write_root_files

CASES = 2000
SEED = 11


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cases", type=int, default=CASES)
    parser.add_argument("--elsewhere", action="store_true")
    parser.add_argument("--checksums", choices=["sha256", "adler32"])
    options = parser.parse_args()
    each = options.cases // (len(LAYOUTS) * len(COMPRESSIONS))
    rows = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_root_files(folder)
        for layout in LAYOUTS:
            for compression in COMPRESSIONS:
                file = folder / file_name(layout, compression)
                places = places_of_data(file)
                if options.elsewhere:
                    places = np.setdiff1d(np.arange(file.stat().st_size), places)
                counts = collections.Counter()
                cases = cases_of(file, each, SEED, places)
                for result in tried(cases, folder, options.checksums):
                    counts[result.outcome] += 1
                    if result.outcome in FAULTS:
                        print(result.case, result.outcome, result.message, flush=True)
                counted = {outcome: counts[outcome] for outcome in OUTCOMES}
                rows.append(
                    {"layout": layout, "compression": compression, "cases": each, **counted}
                )
    table = pd.DataFrame(rows)
    print(table.to_string(index=False))
    print(table[["cases", *OUTCOMES]].sum().to_string())
    if not (options.elsewhere or options.checksums):
        table.to_csv(HERE / "figures.csv", index=False, lineterminator="\n")


if __name__ == "__main__":
    main()
