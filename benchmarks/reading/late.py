"""runsieve: the cuts from their columns alone, then the baskets of the drawn events."""

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
from task import COLUMNS, CRYSTAL, RUN, SAMPLES, STEPS, STRIDE, THREADS, TREE, WAVEFORM, timed

from runsieve.config.inputs import Input
from runsieve.runs.columns import read_columns
from runsieve.runs.event_numbers import with_unique_events
from runsieve.runs.trees import open_chain
from runsieve.samples.gathering import RunFiles, gather_input
from runsieve.selection.event_lists import write_event_list
from runsieve.selection.selector import Selector


def every(stride: int, listed: Path) -> pd.DataFrame:
    """Every so many rows of an event list, without the others in memory."""
    parts, start = [], 0
    for batch in pq.ParquetFile(listed).iter_batches():
        rows = np.arange(-start % stride, len(batch), stride)
        parts.append(batch.take(rows).to_pandas())
        start += len(batch)
    return pd.concat(parts, ignore_index=True)


def work(raw: Path, output: Path) -> None:
    listed = output.with_suffix(".parquet")
    selector = Selector(RUN, {"background": STEPS}, [CRYSTAL], ["energy"])
    with open_chain(RUN, [str(raw)], TREE) as chain:
        chunks = with_unique_events(read_columns(chain, COLUMNS, [CRYSTAL]), chain, "event")
        write_event_list(selector.select(chunks), listed)
    drawn = every(STRIDE, listed)
    drawn = drawn.assign(row=np.arange(len(drawn)))
    files = {RUN: RunFiles([str(raw)], [str(raw)], "physics")}
    settings = Input(branches=[WAVEFORM], shape=[SAMPLES])
    gather_input(drawn, files, settings, TREE, COLUMNS, output, THREADS)


timed(work)
