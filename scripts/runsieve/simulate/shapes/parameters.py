"""Settings of the drawn waveforms."""

from typing import Annotated

from pydantic import Field, model_validator

from runsieve.config.base import Name, Settings
from runsieve.simulate.settings import NotNegative

Counts = Annotated[float, Field(ge=0, le=65_535)]
Length = Annotated[float, Field(ge=1, le=1_000_000)]


class Parameters(Settings):
    """All parameters of the model of waveforms.

    The classes are all combinations of a form and an order, in the order of the lists; the label of
    an event is the number of its combination.
    """

    samples: int = Field(ge=16, le=1_000_000, description="values of a waveform")
    forms: list[Name] = Field(min_length=1, description="forms of a pulse")
    orders: list[Name] = Field(min_length=1, description="how pulses follow one another")
    kinds: list[Name] = Field(min_length=1, description="kinds of run")
    amplitude: tuple[Counts, Counts] = Field((80, 800), description="range of the height, counts")
    width: tuple[Length, Length] = Field((60, 600), description="range of the width, samples")
    baseline: Counts = Field(1000.0, description="baseline, counts")
    wander: NotNegative = Field(10.0, description="amplitude of its slow oscillation, counts")
    noise: NotNegative = Field(10.0, description="standard deviation of each value, counts")

    @property
    def classes(self) -> list[tuple[str, str]]:
        """Form and order of each class."""
        return [(form, order) for form in self.forms for order in self.orders]

    @model_validator(mode="after")
    def _known(self) -> "Parameters":
        # Here, because the drawing imports more than is needed to parse a workflow.
        from runsieve.simulate.shapes.waveforms import FORMS, ORDERS

        for key, named, known in (("forms", self.forms, FORMS), ("orders", self.orders, ORDERS)):
            unknown = [name for name in named if name not in known]
            if unknown:
                raise ValueError(f"{key}: no '{unknown[0]}'; there are {', '.join(known)}")
            if len(set(named)) < len(named):
                raise ValueError(f"{key}: one is listed twice")
        for key in ("amplitude", "width"):
            low, high = getattr(self, key)
            if low > high:
                raise ValueError(f"{key} needs two increasing values")
        return self
