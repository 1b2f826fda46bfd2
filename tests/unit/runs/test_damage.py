"""Damaged files: whatever happens to the bytes, the result is right or there is a clear error."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import uproot

from runsieve.config.inputs import Input
from runsieve.errors import RunsieveError
from runsieve.files import written
from runsieve.runs.columns import read_columns
from runsieve.runs.contents import contents_of
from runsieve.runs.event_numbers import with_unique_events
from runsieve.runs.trees import open_chain
from runsieve.samples.gathering import RunFiles, gather_input
from runsieve.selection.event_lists import read_event_lists, write_event_list
from runsieve.selection.selector import Selector

CASES = 400
ENTRIES, SAMPLES = 60, 40
COLUMNS = {"run": "run", "event": "event", "energy": "energy"}
INPUT = Input(branches=["waveform"], shape=[SAMPLES])


def write_run(path: Path, compression: uproot.compression.Compression) -> None:
    rng = np.random.default_rng(4)
    waveform = 200 + rng.poisson(0.3, (ENTRIES, SAMPLES))
    branches = {
        "run": np.full(ENTRIES, 7, np.int32),
        "event": np.arange(10, 10 + ENTRIES, dtype=np.uint64),
        "energy": np.repeat(rng.integers(0, 20, ENTRIES // 4), 4).astype(np.float64),
        "waveform": waveform.astype(np.uint16),
    }
    with uproot.recreate(path, compression=compression) as file:
        tree = file.mktree("event", {name: values[:30] for name, values in branches.items()})
        tree.extend({name: values[30:] for name, values in branches.items()})


def chain_of_steps(raw: Path, folder: Path) -> tuple[pd.DataFrame, np.ndarray]:
    """What select and gather write of a run."""
    selector = Selector(7, {"signal": {"energy": "energy > 8"}}, [0], ["energy"])
    with open_chain(7, [str(raw)], "event") as chain:
        contents_of(chain, COLUMNS)
        chunks = with_unique_events(read_columns(chain, COLUMNS, [0]), chain, "event")
        with written(folder / "events.parquet") as path:
            write_event_list(selector.select(chunks), path)
    events = read_event_lists([folder / "events.parquet"], None)
    events = events.assign(row=np.arange(len(events)))
    with written(folder / "waveform.npy") as path:
        files = {7: RunFiles([str(raw)], [str(raw)], "physics")}
        gather_input(events, files, INPUT, "event", COLUMNS, path, 2)
    return events, np.load(folder / "waveform.npy")


def damage(rng: np.random.Generator, whole: bytes) -> bytes:
    """Flip bits, overwrite, cut, or move bytes somewhere."""
    content = bytearray(whole)
    kind = rng.integers(5)
    place = int(rng.integers(len(content)))
    length = int(rng.integers(1, 64))
    if kind == 0:
        content[place] ^= int(1 << rng.integers(8))
    elif kind == 1:
        content[place : place + length] = rng.bytes(len(content[place : place + length]))
    elif kind == 2:
        content[place : place + length] = bytes(len(content[place : place + length]))
    elif kind == 3:
        del content[place:]
    else:
        del content[place : place + length]
    return bytes(content)


@pytest.mark.parametrize("compression", [uproot.LZ4(1), uproot.ZLIB(1)], ids=["lz4", "zlib"])
def test_a_damaged_file_gives_the_right_result_or_an_error(tmp_path, compression):
    raw = tmp_path / "run7.root"
    write_run(raw, compression)
    whole = raw.read_bytes()
    expected, waveforms = chain_of_steps(raw, tmp_path)
    errors = 0
    for case in range(CASES):
        content = damage(np.random.default_rng([case, compression.level]), whole)
        raw.write_bytes(content)
        for path in tmp_path.glob("*.[pn]*"):
            path.unlink()
        try:
            events, found = chain_of_steps(raw, tmp_path)
        except RunsieveError as error:
            errors += 1
            assert str(error).startswith("run 7: "), case
            assert "\n" not in str(error), case
            assert not list(tmp_path.glob("*.partial*")), case
            continue
        # Whether a number has a sign is said where no checksum is; its value is the same.
        pd.testing.assert_frame_equal(events, expected, check_dtype=False, obj=f"case {case}")
        assert np.array_equal(found, waveforms), case
    assert CASES / 4 < errors < CASES  # both outcomes were tried
