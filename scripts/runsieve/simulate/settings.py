"""Number ranges shared by the settings of detector models."""

from typing import Annotated

from pydantic import Field

Fraction = Annotated[float, Field(ge=0, le=1)]
# Wide enough for every length, time and energy, and so narrow that products of two are finite.
LARGEST, SMALLEST = 1e12, 1e-12
Positive = Annotated[float, Field(gt=0, ge=SMALLEST, le=LARGEST)]
NotNegative = Annotated[float, Field(ge=0, le=LARGEST)]
Side = Annotated[int, Field(gt=0, le=10_000)]
