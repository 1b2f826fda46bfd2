"""A trained model for use outside of the workflow."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from runsieve.errors import RunsieveError
from runsieve.evaluation.scores import Scorer, load_scorer
from runsieve.models import FAMILIES, NETWORKS


@dataclass(frozen=True)
class TrainedModel:
    """A network or a baseline, read from its file."""

    path: Path
    scorer: Scorer

    def probabilities(
        self,
        arrays: np.ndarray | Mapping[str, np.ndarray] | None = None,
        events: pd.DataFrame | None = None,
    ) -> np.ndarray:
        """Probabilities of the classes, shape (events, classes), in the order of the analysis.

        arrays: by the name of the input, each of shape (events, *shape), in the raw values of the
            detector; a single array where the model has one input
        events: table with the columns that the model sees, one row per event, if it sees any

        Raises RunsieveError if their lengths differ or an input is missing.
        """
        named = self._named(arrays)
        lengths = {name: len(array) for name, array in named.items()}
        if events is not None:
            lengths["events"] = len(events)
        if len(set(lengths.values())) != 1:
            raise RunsieveError(
                f"{self.path}: arrays or events of one length expected, found {lengths or 'none'}"
            )
        count = next(iter(lengths.values()))
        table = pd.DataFrame(index=range(count)) if events is None else events
        return self.scorer.probabilities(table.assign(row=np.arange(count)), named)

    def save_plain(self, path: str | Path, working_points: str | Path | None = None) -> None:
        """Write a network as a .keras file that needs Keras alone, and nothing of runsieve.

        Its `metadata.json` has, under `about`, the names of the classes, the seed and the inputs
        and, from the table `working_points` (`working_points.csv` of the network's report), the
        thresholds. Raises RunsieveError for a baseline, for a network with layers of the user's
        own, and for a table of other classes.
        """
        if self.path.suffix != Path(NETWORKS.file).suffix:
            raise RunsieveError(f"{self.path}: only networks can be written as plain Keras")
        from runsieve.networks.metadata import signature, thresholds_in
        from runsieve.networks.plain import save_plain

        about = signature(self.path)
        if working_points is not None:
            about["working_points"] = thresholds_in(working_points, about)
        save_plain(self.scorer.network, path, about)

    def _named(self, arrays: np.ndarray | Mapping[str, np.ndarray] | None) -> dict[str, np.ndarray]:
        wanted = self.scorer.inputs()
        if isinstance(arrays, np.ndarray):
            if len(wanted) != 1:
                raise RunsieveError(
                    f"{self.path}: a mapping of arrays expected, the inputs are "
                    f"{', '.join(wanted) or 'none'}; found one array"
                )
            return {wanted[0]: arrays}
        named = {} if arrays is None else dict(arrays)
        if set(named) != set(wanted):
            raise RunsieveError(
                f"{self.path}: the inputs are {', '.join(wanted) or 'none'}; found "
                f"{', '.join(named) or 'none'}"
            )
        return named


def load(path: str | Path, user_files: Sequence[str] = ()) -> TrainedModel:
    """Read a trained model, `model.keras` or `model.skops`; no code in the file is run.

    user_files: Python files that define layers of a network's own (`type: keras`). Raises
    RunsieveError if the file is no such model, or holds anything that could run code.
    """
    path = Path(path)
    for family in FAMILIES:
        if path.suffix == Path(family.file).suffix:
            return TrainedModel(path, load_scorer(family.scorer, path, list(user_files)))
    endings = " or ".join(Path(family.file).suffix for family in FAMILIES)
    raise RunsieveError(f"{path}: a file that ends in {endings} expected")
