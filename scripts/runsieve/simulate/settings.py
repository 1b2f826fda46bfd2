"""Number ranges shared by the settings of detector models."""

from typing import Annotated

from pydantic import Field

Fraction = Annotated[float, Field(ge=0, le=1)]
# Wide enough for every length, time and energy, and so narrow that products of two are finite.
LARGEST = 1e12
Positive = Annotated[float, Field(gt=0, le=LARGEST)]
# Mean number of what is drawn one by one.
Mean = Annotated[float, Field(ge=0, le=10_000)]
NotNegative = Annotated[float, Field(ge=0, le=LARGEST)]
Side = Annotated[int, Field(gt=0, le=10_000)]
