"""Settings of the reports."""

from pydantic import Field

from runsieve.config.base import Edges, Name, Settings


class Report(Settings):
    """What the tables are binned in."""

    variable: Name | None = Field("energy", description="column that efficiencies are binned in")
    label: str = Field("energy", description="name of the variable in plots")
    unit: str = Field("keV", description="unit of the variable")
    edges: Edges | None = Field(None, description="bins of the variable")
    score_bins: int = Field(20, gt=1, description="bins of the score between 0 and 1")
    bootstrap: int = Field(1000, gt=0, description="resamplings behind intervals without a formula")
    efficiency: float = Field(
        0.9, gt=0, lt=1, description="working point: rejection is quoted here"
    )
