"""Settings of pulses: what turns the raw values of a waveform into a pulse above zero."""

from typing import Annotated, Literal

from pydantic import Field, field_validator

from runsieve.config.base import LARGEST, Length, LengthOrZero, Settings

Polarity = Literal["positive", "negative"]
Level = Annotated[float, Field(ge=-LARGEST, le=LARGEST)]


class BaselineSamples(Settings):
    """A baseline that is measured in each segment of each event."""

    samples: tuple[LengthOrZero, Length] = Field(
        description="first sample, and the first that is left out; their mean is the baseline"
    )

    @field_validator("samples")
    @classmethod
    def _ordered(cls, value: tuple[int, int]) -> tuple[int, int]:
        if value[0] >= value[1]:
            raise ValueError(f"two increasing numbers expected, found {list(value)}")
        return value


class Pulse(Settings):
    """The segments of an event, their baseline, and which way pulses point."""

    segments: Length = 1
    polarity: Polarity = "positive"
    baseline: Level | BaselineSamples = 0.0

    @property
    def measured(self) -> tuple[int, int] | None:
        """The samples of each segment that the baseline is measured in, if it is."""
        return self.baseline.samples if isinstance(self.baseline, BaselineSamples) else None

    @property
    def is_raw(self) -> bool:
        """True if raw values need no change."""
        return self.polarity == "positive" and self.baseline == 0.0


RAW = Pulse()
