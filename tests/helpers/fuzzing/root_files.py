"""Files as ROOT writes them: python -m helpers.fuzzing.root_files FOLDER (needs the package root).

They run in a process of their own, because ROOT warns and changes signal handlers at its import.
"""

import os
import subprocess
import sys
from array import array
from pathlib import Path

from helpers.fuzzing.layouts import (
    COMPRESSIONS,
    FLUSH,
    LAYOUTS,
    TREE,
    WIDTH,
    event_numbers,
    file_name,
    values_of,
)

LONGEST = 12


def write_root_files(folder: Path) -> None:
    """Write a file for each layout and compression, in a process of its own."""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(map(str, sys.path))}
    command = [sys.executable, "-W", "ignore", "-m", "helpers.fuzzing.root_files", str(folder)]
    subprocess.run(command, env=environment, check=True)


def main(folder: Path) -> None:
    import ROOT

    algorithms = {
        "ZLIB": ROOT.RCompressionSetting.EAlgorithm.kZLIB,
        "LZ4": ROOT.RCompressionSetting.EAlgorithm.kLZ4,
        "LZMA": ROOT.RCompressionSetting.EAlgorithm.kLZMA,
        "ZSTD": ROOT.RCompressionSetting.EAlgorithm.kZSTD,
    }
    for layout in LAYOUTS:
        for compression in COMPRESSIONS:
            file = ROOT.TFile(str(folder / file_name(layout, compression)), "recreate")
            file.SetCompressionLevel(0 if compression == "none" else 4)
            if compression != "none":
                file.SetCompressionAlgorithm(algorithms[compression])
            tree = ROOT.TTree(TREE, TREE)
            tree.SetAutoFlush(FLUSH)
            _fill(ROOT, tree, layout)
            file.Write()
            file.Close()


def _fill(root, tree, layout: str) -> None:
    event, count = array("L", [0]), array("i", [0])
    plain = array("i", [0] * max(WIDTH, LONGEST))
    tree.Branch("event", event, "event/l")
    if layout == "fixed":
        tree.Branch("values", plain, f"values[{WIDTH}]/I")
    elif layout == "counted":
        tree.Branch("n", count, "n/I")
        tree.Branch("values", plain, "values[n]/I")
    else:
        vector = root.std.vector["int" if layout == "vector" else "std::vector<int>"]()
        tree.Branch("values", vector)
    for number, values in zip(event_numbers(), values_of(layout), strict=True):
        event[0], count[0] = int(number), len(values)
        if layout in ("fixed", "counted"):
            plain[: len(values)] = array("i", values)
        else:
            vector.clear()
            for value in values:
                vector.push_back(value if layout == "vector" else root.std.vector["int"](value))
        tree.Fill()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
