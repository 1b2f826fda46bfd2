"""Reading a file with the functions of the project that the rules use."""

from itertools import chain

import numpy as np

from helpers.fuzzing.layouts import TREE, event_numbers, values_of
from runsieve.runs.arrays import Wanted, fill_rows, read_values, value_type
from runsieve.runs.columns import read_columns
from runsieve.runs.description import describe_file
from runsieve.runs.trees import open_chain
from runsieve.runs.windows import Cutter

CHUNK = 50  # entries; baskets hold 30, so that some are read for two chunks


def expected(layout: str) -> dict[str, list]:
    """What `read` gives for an undamaged file."""
    values = values_of(layout)
    if layout == "nested":
        values = [list(chain.from_iterable(lists)) for lists in values]
    found = {
        "event": event_numbers().tolist(),
        "first": [float(one[0]) for one in values],
        "sum": [float(sum(one)) for one in values],
        "event of gather": event_numbers().tolist(),
        "values": values,
    }
    return found | ({"rows": values} if layout == "fixed" else {})


def read(file: str, layout: str) -> dict[str, list]:
    """Every branch of a file as `select` and `gather` read it, and as the description does."""
    describe_file(file)
    first = "values[0][0]" if layout == "nested" else "values[0]"
    columns = {"event": "event", "first": first, "sum": "sum(values)"}
    with open_chain(1, [file], TREE) as run:
        chunks = [chunk.columns[0] for chunk in read_columns(run, columns, [0], CHUNK)]
        found = {name: np.concatenate([one[name] for one in chunks]).tolist() for name in columns}
        entries = np.arange(run.starts[-1])
        found["event of gather"] = read_values(run, "event", entries).tolist()
        found["values"] = read_values(run, "values", entries).tolist()
        if layout == "fixed":
            shape = (len(entries), len(found["values"][0]))
            part = np.zeros(shape, value_type(run, ["values"]))
            wanted = Wanted(entries, entries)
            for _ in fill_rows({"values": part}, run, wanted, Cutter(), 2):
                pass
            found["rows"] = part.tolist()
    return found
