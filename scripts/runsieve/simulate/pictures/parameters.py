"""Settings of the drawn pictures."""

from typing import Annotated

from pydantic import Field, model_validator

from runsieve.config.base import Name, Settings
from runsieve.simulate.settings import NotNegative

Fraction = Annotated[float, Field(gt=0, le=1)]


class Parameters(Settings):
    """All parameters of the model of pictures."""

    side: int = Field(ge=1, le=10_000, description="rows and columns of a picture")
    labels: list[Name] = Field(
        min_length=2, description="what is drawn, in the order of the numbers of the labels"
    )
    kinds: dict[Name, list[NotNegative]] = Field(
        description="kind of run: weight of each class among its pictures"
    )
    size: tuple[Fraction, Fraction] = Field(
        (0.55, 0.95), description="range of the size of the figure"
    )
    turn: NotNegative = Field(
        20, description="largest angle by which the figure is turned, degrees"
    )
    noise: NotNegative = Field(12, description="standard deviation of each value, of 255")
    contrast: float = Field(
        60, ge=0, le=200, description="least distance of figure and background, of 255"
    )

    @model_validator(mode="after")
    def _known(self) -> "Parameters":
        # Here, because the drawing imports more than is needed to parse a workflow.
        from runsieve.simulate.pictures.figures import FIGURES

        unknown = [label for label in self.labels if label not in FIGURES]
        if unknown:
            raise ValueError(f"no figure of '{unknown[0]}'; there are {', '.join(FIGURES)}")
        for kind, weights in self.kinds.items():
            if len(weights) != len(self.labels) or sum(weights) <= 0:
                raise ValueError(f"kinds.{kind}: a weight for each label expected, not all 0")
        if self.size[0] > self.size[1]:
            raise ValueError("size needs two increasing values")
        return self
