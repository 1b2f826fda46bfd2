"""Files as uproot writes them: fixed and counted branches, and all compressions."""

from pathlib import Path

import awkward as ak
import numpy as np
import uproot

from helpers.fuzzing.layouts import (
    COMPRESSIONS,
    FLUSH,
    TREE,
    event_numbers,
    file_name,
    values_of,
)


def write_uproot_files(folder: Path) -> None:
    """Write a file for each layout that uproot can write, and each compression."""
    events = event_numbers()
    for layout in ("fixed", "counted"):
        found = ak.values_astype(ak.Array(values_of(layout)), np.int32)
        values = ak.to_numpy(found) if layout == "fixed" else found
        for compression in COMPRESSIONS:
            method = None if compression == "none" else getattr(uproot, compression)(4)
            with uproot.recreate(folder / file_name(layout, compression), compression=method) as f:
                first = {"event": events[:FLUSH], "values": values[:FLUSH]}
                tree = f.mktree(TREE, first)
                for start in range(FLUSH, len(events), FLUSH):
                    part = slice(start, start + FLUSH)
                    tree.extend({"event": events[part], "values": values[part]})
