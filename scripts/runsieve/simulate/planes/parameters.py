"""Settings of the model of planes. Lengths in pixels of the image, momenta in GeV/c."""

from pydantic import Field, model_validator

from runsieve.config.base import Name, Positive, Settings
from runsieve.simulate.settings import Fraction, Mean, NotNegative, Side


class Particles(Settings):
    """What crosses the planes in one event."""

    tracks: Side = Field(description="charged particles")
    share: Fraction = Field(
        description="fraction of the events in which one of them is of high momentum"
    )
    low: tuple[Positive, Positive] = Field(description="range of ordinary momenta, GeV/c")
    high: tuple[Positive, Positive] = Field(description="range of high momenta, GeV/c")
    source: NotNegative = Field(
        description="rows over which the particles enter, around the middle"
    )
    slope: Positive = Field(description="largest slope with which a particle enters")

    @model_validator(mode="after")
    def _ordered(self) -> "Particles":
        if not self.low[0] < self.low[1] <= self.high[0] < self.high[1]:
            raise ValueError("low and high need increasing ranges, high above low")
        return self


class Detector(Settings):
    """Planes, field and hits."""

    image: Side = Field(description="rows and columns of the image")
    planes: Side = Field(description="planes, evenly spaced along the columns")
    radius: Positive = Field(description="radius of curvature at 1 GeV/c")
    resolution: NotNegative = Field(description="standard deviation of a hit along its plane")
    efficiency: Fraction = Field(description="fraction of the crossings that make a hit")
    noise: Mean = Field(description="mean number of hits in an event without a particle")
    size: Side = Field(description="side of the square that a hit fills in the image")


class Parameters(Settings):
    """All parameters of the model of planes."""

    kinds: list[Name] = Field(min_length=1, description="kinds of run that it writes")
    particles: Particles
    detector: Detector

    @model_validator(mode="after")
    def _planes_fit(self) -> "Parameters":
        if self.detector.planes * self.detector.size > self.detector.image:
            raise ValueError(
                "hits of neighbouring planes overlap; take fewer planes or smaller hits"
            )
        return self
