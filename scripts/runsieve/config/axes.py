"""Settings of axes: what the values of an input are, for figures of events."""

from pydantic import Field

from runsieve.config.base import Settings, Title


class Axes(Settings):
    """How waveforms of an input are drawn; models see none of it."""

    sample_ns: float | None = Field(
        None, gt=0, description="time between two values in ns (default: the axis counts samples)"
    )
    names: list[Title] = Field(
        default_factory=list, description="what the segments are called, such as PMT 0, PMT 1"
    )
    unit: Title = Field("", description="unit of a value, such as ADC counts or mV")
    unit_per_count: float = Field(
        1.0, gt=0, description="what one count of the files is in this unit, such as 0.122 (mV)"
    )

    @property
    def step(self) -> float:
        """Distance of two values on the time axis."""
        return 1.0 if self.sample_ns is None else self.sample_ns

    @property
    def time(self) -> str:
        """Name and unit of the time axis."""
        return "sample" if self.sample_ns is None else "time [ns]"
