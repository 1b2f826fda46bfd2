"""Settings of the crystal model. Times in ns, energies in keV, charges in photoelectrons."""

from typing import Annotated

from pydantic import Field, model_validator

from runsieve.config.base import Channel, Edges, Name, Positive, RunNumber, Settings
from runsieve.simulate.settings import Fraction, NotNegative

MOST_PHOTOELECTRONS = 1e4  # the law of their numbers needs the square of it in memory and time
PULSE_LENGTH = 7  # in fall times; a pulse is cut off there and loses a thousandth of its charge
Shape = Annotated[float, Field(ge=0.01, le=1000)]


class Spectra(Settings):
    """Energy spectra of the selected events of each class: flat within a bin."""

    edges: Edges = Field(description="bins of the energy, keV")
    signal: list[NotNegative] = Field(description="events of the signal class per bin")
    background: list[NotNegative] = Field(description="events of the background class per bin")
    noise: list[Fraction] = Field(
        description="fraction of photomultiplier noise in the background class, per bin; the rest "
        "is scintillation"
    )

    @model_validator(mode="after")
    def _value_a_bin(self) -> "Spectra":
        bins = len(self.edges.array()) - 1
        for name in ("signal", "background", "noise"):
            if len(getattr(self, name)) != bins:
                raise ValueError(f"{name} has {len(getattr(self, name))} values for {bins} bins")
        if sum(self.signal) <= 0 or sum(self.background) <= 0:
            raise ValueError("signal and background need at least one event each")
        return self


class Scintillation(Settings):
    """Light of the crystal: two exponentials, shared evenly between the photomultipliers."""

    decay: Positive = Field(description="decay time, ns")
    slow_decay: Positive = Field(description="decay time of the slow part, ns")
    slow: Fraction = Field(description="fraction of the slow part")


class Noise(Settings):
    """Light or charge that a photomultiplier itself produces."""

    name: Name = Field(description="name of the kind")
    weight: Positive = Field(description="weight among the kinds of noise")
    decay: Positive = Field(description="decay time, ns")
    late: Fraction = Field(description="fraction of photoelectrons spread evenly over the window")
    share: tuple[Shape, Shape] = Field(
        description="a and b of the beta distribution of PMT 0's share of the light"
    )


class Composition(Settings):
    """Composition of the triggers of one kind of run, as fractions of all triggers.

    A trigger in coincidence is of the signal class, a single hit of the background class.
    """

    coincidence: Fraction = Field(description="with LS energy or a second crystal")
    second_crystal: Fraction = Field(
        description="fraction of the coincidences that are made by a second crystal, not by the LS"
    )
    high_energy: Fraction = Field(description="energy above the spectra")
    after_muon: Fraction = Field(description="shortly after a muon")
    early_edge: Fraction = Field(description="pulse that begins early in the record")
    one_sided: Fraction = Field(description="flash in one photomultiplier: a single cluster")

    @model_validator(mode="after")
    def _at_most_all(self) -> "Composition":
        total = self.high_energy + self.after_muon + self.early_edge + self.one_sided
        if total > 1:
            raise ValueError(
                "high_energy, after_muon, early_edge and one_sided add up to "
                f"{total:g}, which is more than 1"
            )
        return self


class Trigger(Settings):
    """When the detector is read out, and what surrounds an event."""

    gate: Positive = Field(description="each PMT has a photoelectron this soon after the onset, ns")
    rate: Positive = Field(description="mean trigger rate, Hz")
    gap: Fraction = Field(
        0.001, description="fraction of triggers before which event numbers are missing"
    )
    cluster_gap: Positive = Field(description="quiet time that separates two clusters in a PMT, ns")
    ls_threshold: Positive = Field(description="LS energy of a coincidence is above this, keV")
    ls_mean: Positive = Field(description="mean LS energy above the threshold, keV")
    ls_noise: Positive = Field(description="mean LS energy without a coincidence, keV")
    muon_dead_time: Positive = Field(description="triggers 'after_muon' come within this time, ms")
    muon_interval: Positive = Field(description="mean time of the others after that, ms")
    high_energy: Positive = Field(
        description="top of the energies above the spectra and in a second crystal, keV"
    )


class Record(Settings):
    """The digitised record of one photomultiplier, and the position of the pulse in it."""

    samples: int = Field(gt=0, le=1_000_000, description="samples of a photomultiplier")
    sample: Positive = Field(description="length of a sample, ns")
    bits: int = Field(gt=0, le=16, description="resolution of the digitiser")
    onset: Positive = Field(description="earliest onset of a pulse, ns from the start")
    jitter: NotNegative = Field(
        description="range above `onset` in which onsets are spread evenly, ns"
    )
    early_onset: tuple[NotNegative, NotNegative] = Field(
        description="range of the onset of early pulses, ns"
    )
    window: Positive = Field(description="photoelectrons come within this time of the onset, ns")

    @model_validator(mode="after")
    def _window_in_record(self) -> "Record":
        end = max(self.onset + self.jitter, *self.early_onset) + self.window
        if end > self.samples * self.sample:
            raise ValueError(
                f"the window ends {end:g} ns after the start of a record of "
                f"{self.samples * self.sample:g} ns"
            )
        if self.early_onset[0] >= self.early_onset[1]:
            raise ValueError("early_onset needs two increasing values")
        return self


class Electronics(Settings):
    """From a photoelectron to ADC counts."""

    resolution: float = Field(
        ge=0.001, le=10, description="relative width of a single photoelectron's charge"
    )
    gain: Positive = Field(description="height of the pulse of a mean photoelectron, ADC counts")
    rise: Positive = Field(description="rise time of the pulse, ns")
    fall: Positive = Field(description="fall time of the pulse, ns")
    noise: NotNegative = Field(description="standard deviation of the electronic noise, ADC counts")
    pedestal: Positive = Field(description="mean pedestal, ADC counts")
    pedestal_spread: NotNegative = Field(
        description="standard deviation of the pedestal between events and PMTs, ADC counts"
    )

    @model_validator(mode="after")
    def _falls_slower(self) -> "Electronics":
        if self.fall <= self.rise:
            raise ValueError("fall must be longer than rise")
        return self


class Parameters(Settings):
    """All parameters of the crystal model."""

    light_yield: dict[Channel, Annotated[Positive, Field(le=10_000)]] = Field(
        min_length=1, description="photoelectrons/keV of each crystal"
    )
    occupancy: dict[RunNumber, dict[Channel, NotNegative]] = Field(
        description="run: crystal: weight of the crystal among the triggers of the run"
    )
    kinds: dict[Name, Composition] = Field(description="kind of run: what its triggers are")
    spectra: Spectra
    scintillation: Scintillation
    noise: list[Noise] = Field(min_length=1, description="kinds of photomultiplier noise")
    trigger: Trigger
    record: Record
    electronics: Electronics

    @model_validator(mode="after")
    def _fits_together(self) -> "Parameters":
        top = self.spectra.edges.array()[-1]
        if self.spectra.edges.array()[0] < 0:
            raise ValueError("spectra.edges begin below 0 keV")
        if self.trigger.gate > self.record.window:
            raise ValueError(
                f"trigger.gate is {self.trigger.gate:g} ns, expected at most the record.window of "
                f"{self.record.window:g} ns"
            )
        length = self.record.samples * self.record.sample
        if PULSE_LENGTH * self.electronics.fall > length:
            raise ValueError(
                f"electronics.fall of {self.electronics.fall:g} ns makes pulses of "
                f"{PULSE_LENGTH * self.electronics.fall:g} ns, longer than the record of "
                f"{length:g} ns"
            )
        if self.trigger.high_energy <= top:
            raise ValueError(
                f"trigger.high_energy is {self.trigger.high_energy:g} keV, expected more than the "
                f"{top:g} keV at which the spectra end"
            )
        most = self.trigger.high_energy * max(self.light_yield.values())
        if most > MOST_PHOTOELECTRONS:
            raise ValueError(
                f"trigger.high_energy of {self.trigger.high_energy:g} keV makes {most:.3g} "
                f"photoelectrons, at most {MOST_PHOTOELECTRONS:g} are possible"
            )
        return self
