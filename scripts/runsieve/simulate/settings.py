"""Number ranges shared by the settings of detector models."""

from typing import Annotated

from pydantic import Field

from runsieve.config.base import LARGEST

Fraction = Annotated[float, Field(ge=0, le=1)]
# Mean number of what is drawn one by one.
Mean = Annotated[float, Field(ge=0, le=10_000)]
NotNegative = Annotated[float, Field(ge=0, le=LARGEST)]
Side = Annotated[int, Field(gt=0, le=10_000)]
