"""Scoring a whole run: from its files to a friend tree and a table."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import uproot

from runsieve.evaluation.scores import Scorer
from runsieve.files import written
from runsieve.progress import Progress
from runsieve.runs.scored import ABOUT, TREE
from runsieve.scoring.ahead import ahead
from runsieve.scoring.asked import RunToScore
from runsieve.scoring.branches import Branches, Scored
from runsieve.scoring.drawn import Drawn
from runsieve.scoring.reading import Piece, read_pieces


@dataclass(frozen=True)
class Models:
    """A trained model, or one of each fold, and the events that they were made from.

    scorers: one, or those of folds 1, 2, …; drawn: events of the run that are in the sample
    """

    scorers: Sequence[Scorer]
    drawn: Drawn

    def fold(self, run: int, piece: Piece) -> np.ndarray:
        """Number of the fold whose model scores each event of a piece; 0 without folds."""
        if len(self.scorers) == 1:
            return np.zeros(len(piece.places), int)
        entries = piece.part.chunk.start + piece.places
        return self.drawn.folds(run, piece.channel, entries, _columns(piece))

    def probabilities(self, piece: Piece, fold: np.ndarray) -> np.ndarray:
        """Probabilities of the classes for each event of a piece, shape (events, classes)."""
        events, found = _columns(piece), None
        for number in np.unique(fold):
            mine = np.flatnonzero(fold == number)
            scorer = self.scorers[max(number - 1, 0)]
            some = scorer.probabilities(events.iloc[mine], piece.arrays)
            found = np.empty((len(fold), some.shape[1]), np.float32) if found is None else found
            found[mine] = some
        return found


def score_run(
    asked: RunToScore,
    models: Models,
    branches: Branches,
    about: Mapping[str, Any],
    friend: str | Path,
    table: str | Path,
    threads: int = 1,
) -> None:
    """Score the events of a run, and write a friend tree (ROOT) and a table (parquet).

    The tree has one entry for each of the run, in order. The memory does not depend on the length
    of the run: while the model scores some events, the next ones are read. about: what both files
    say of themselves.
    """
    text = json.dumps(about, ensure_ascii=False)
    with (
        written(friend) as partial,
        written(table) as rows,
        uproot.recreate(partial, compression=uproot.LZ4(1)) as file,
    ):
        file[ABOUT] = text
        tree = file.mktree(TREE, branches.types)
        writer, scored = None, None
        progress = Progress(f"run {asked.run}: events scored", float("nan"))
        for piece in ahead(read_pieces(asked, threads)):
            if scored is None or scored.part is not piece.part:
                scored = Scored(piece.part, branches)
            if piece.channel is not None:
                _score(asked.run, models, piece, scored)
                progress.advance(len(piece.places))
                continue
            tree.extend(scored.of_tree(asked.run))
            part = pa.Table.from_pandas(scored.of_table(asked.run), preserve_index=False)
            if writer is None:
                schema = part.schema.with_metadata({**part.schema.metadata, ABOUT: text})
                writer = pq.ParquetWriter(rows, schema)
            writer.write_table(part.cast(writer.schema))
        writer.close()
    print(f"run {asked.run}: {progress.done:.0f} events scored", flush=True)


def _score(run: int, models: Models, piece: Piece, scored: Scored) -> None:
    if not len(piece.places):
        return
    channel, chunk = piece.channel, piece.part.chunk
    entries = chunk.start + piece.places
    fold = models.fold(run, piece)
    probability = models.probabilities(piece, fold)
    probability[~piece.recorded] = np.nan
    scored.probability[channel][piece.places] = probability
    scored.fold[channel][piece.places] = fold
    numbers = piece.part.events[piece.places]
    scored.split[channel][piece.places] = models.drawn.splits(channel, entries, numbers)


def _columns(piece: Piece) -> pd.DataFrame:
    """Columns of the events of a piece, and their row in its arrays."""
    columns = piece.part.chunk.columns[piece.channel]
    table = pd.DataFrame({name: values[piece.places] for name, values in columns.items()})
    return table.assign(row=np.arange(len(table)))
