"""Settings of the chamber model. Lengths in pixels, rows counted from the top."""

from typing import Literal

from pydantic import Field, model_validator

from runsieve.config.base import Name, Settings
from runsieve.simulate.settings import Fraction, NotNegative, Side


class Chamber(Settings):
    """Where antihydrogen annihilates: on the ceiling or on the floor of the chamber."""

    ceiling: NotNegative = Field(description="row of the ceiling")
    floor: NotNegative = Field(description="row of the floor")
    columns: tuple[NotNegative, NotNegative] = Field(description="first and last column of both")
    spread: NotNegative = Field(description="standard deviation of the vertex across the surface")

    @model_validator(mode="after")
    def _ordered(self) -> "Chamber":
        if self.ceiling >= self.floor or self.columns[0] >= self.columns[1]:
            raise ValueError("ceiling must be above floor, and columns must increase")
        return self


class Tracker(Settings):
    """From the path of a particle to hit pixels."""

    efficiency: Fraction = Field(description="fraction of the pixels on a path that are hit")
    noise: Fraction = Field(description="fraction of all pixels that are hit without a particle")


class Parameters(Settings):
    """All parameters of the chamber model."""

    image: tuple[Side, Side] = Field(description="rows and columns")
    kinds: dict[Name, Literal["up", "down", "cosmic"]] = Field(
        description="kind of run: annihilations on the ceiling (up) or floor, or cosmic muons"
    )
    pions: dict[Side, NotNegative] = Field(
        min_length=1, description="charged pions of an annihilation: weight"
    )
    chamber: Chamber
    tracker: Tracker

    @model_validator(mode="after")
    def _inside(self) -> "Parameters":
        rows, columns = self.image
        if self.chamber.floor > rows or self.chamber.columns[1] > columns:
            raise ValueError(f"the chamber does not lie inside the image of {rows} x {columns}")
        if sum(self.pions.values()) <= 0:
            raise ValueError("pions: one weight at least must be above 0")
        return self
