"""Settings of the reports."""

import numpy as np
from pydantic import Field

from runsieve.config.base import MOST_BINS, Edges, Name, Settings, Title


class Report(Settings):
    """Binning of the tables, and bootstrap."""

    variable: Name | None = Field("energy", description="column that efficiencies are binned in")
    label: Title = Field("energy", description="name of the variable in plots")
    unit: Title = Field("keV", description="unit of the variable")
    edges: Edges | None = Field(None, description="bins of the variable")
    score_bins: int = Field(
        20, gt=1, le=MOST_BINS, description="number of bins of the score between 0 and 1"
    )
    bootstrap: int = Field(
        1000, gt=0, le=1_000_000, description="resamplings for intervals that have no formula"
    )

    contaminated: Name | None = Field(
        None,
        description="the second of two classes, if it also holds events like those of the first: "
        "how many is estimated from the scores",
    )

    @property
    def binned(self) -> str | None:
        """The variable that efficiencies are binned in; None where it or its edges are not set."""
        return self.variable if self.edges is not None else None

    @property
    def bin_edges(self) -> np.ndarray | None:
        """Edges of the bins of that variable, shape (bins + 1,); None if there is no variable."""
        return self.edges.array() if self.binned else None

    @property
    def axis_label(self) -> str:
        """Name and unit of the variable."""
        return f"{self.label} [{self.unit}]" if self.unit else self.label
