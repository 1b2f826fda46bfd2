"""Settings of axes: what the values of an input are, for figures of events."""

from pydantic import Field

from runsieve.config.base import Positive, Settings, Title


class Axes(Settings):
    """How waveforms of an input are drawn; models see none of it."""

    sample_ns: Positive | None = Field(
        None, description="time between two values in ns (default: the axis counts samples)"
    )
    names: list[Title] = Field(
        default_factory=list, description="what the segments are called, such as PMT 0, PMT 1"
    )
    unit: Title = Field("", description="unit of a value, such as ADC counts or mV")
    unit_per_count: Positive = Field(
        1.0, description="what one count of the files is in this unit, such as 0.122 (mV)"
    )

    @property
    def step(self) -> float:
        """Distance of two values on the time axis."""
        return 1.0 if self.sample_ns is None else self.sample_ns

    def time_from(self, start: int | None) -> str:
        """Name and unit of the time axis, whose 0 is the sample `start` of the record.

        None: where the window of an event starts.
        """
        name, unit = ("sample", "") if self.sample_ns is None else ("time", " [ns]")
        if start is None:
            return f"{name} from the start of the window{unit}"
        if start == 0:
            return f"{name}{unit}"
        return f"{name} {'-' if start > 0 else '+'} {abs(start) * self.step:g}{unit}"
