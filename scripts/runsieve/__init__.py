"""From raw detector runs to efficiency reports.

`load` reads a trained model for use outside of the workflow.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from runsieve.trained import TrainedModel


def load(path: "str | Path", user_files: "Sequence[str]" = ()) -> "TrainedModel":
    """Read a trained model, `model.keras` or `model.skops`; see `runsieve.trained.load`."""
    # By its name, because the package is imported by every job, and this by none.
    return import_module("runsieve.trained").load(path, user_files)
