"""Settings of the calorimeter model. Transverse energies in GeV, distances in eta or phi."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from runsieve.config.base import Name, Positive, Settings, not_tiny
from runsieve.simulate.settings import Fraction, Mean, NotNegative

MOST_SPOTS = 1e5
Beta = tuple[Positive, Positive]


class Spectrum(Settings):
    """Transverse energies, the same for electrons and jets: an exponential between two values."""

    lowest: Positive = Field(description="GeV")
    highest: Positive = Field(description="GeV")
    slope: float = Field(ge=1e-6, le=1e6, description="GeV over which it falls by a factor e")

    @model_validator(mode="after")
    def _ordered(self) -> "Spectrum":
        if self.lowest >= self.highest:
            raise ValueError("lowest must lie below highest")
        return self


class Shower(Settings):
    """A shower: its spots spread sideways in a core and a tail, both falling exponentially.

    The number of spots fluctuates, which gives the relative energy resolution sqrt(spot / energy).
    """

    core: Positive = Field(description="mean distance in the core")
    tail: Positive = Field(description="mean distance in the tail")
    tail_share: Fraction = Field(description="fraction of the energy in the tail")
    spot: Positive = Field(
        description="energy of a spot, GeV; the number of spots is Poisson distributed"
    )


class Electron(Settings):
    """An electron, with the photon that it may radiate before the calorimeter."""

    radiates: Fraction = Field(description="fraction of the electrons with a radiated photon")
    photon: tuple[Fraction, Fraction] = Field(
        description="range of the photon's fraction of the energy"
    )
    bend: tuple[Positive, Positive] = Field(description="range of its distance in phi")

    @model_validator(mode="after")
    def _ordered(self) -> "Electron":
        for key in ("photon", "bend"):
            low, high = getattr(self, key)
            if low > high:
                raise ValueError(f"{key} needs two increasing values, found {low:g} and {high:g}")
        return self


class Jet(Settings):
    """A jet: a leading particle and others around it."""

    particles: Annotated[Mean, Field(gt=0)] = Field(
        description="mean number of particles beside the leading one"
    )
    leading: Beta = Field(description="beta distribution of the leading particle's share")
    leading_neutral: Fraction = Field(description="fraction of jets that a neutral pion leads")
    neutral: Fraction = Field(description="fraction of neutral pions among the others")
    spread: Positive = Field(description="standard deviation of their distance in eta and phi")
    opening: Positive = Field(description="mean distance of the two photons of a neutral pion")
    em_fraction: Beta = Field(description="beta distribution of a hadron's share in the ECal")


class Surroundings(Settings):
    """Energy that is unrelated to the candidate."""

    particles: Mean = Field(description="mean number of soft particles in the image")
    variation: Annotated[NotNegative, Field(le=100), AfterValidator(not_tiny)] = Field(
        description="relative standard deviation of that mean between events (gamma distributed)",
    )
    energy: Positive = Field(description="their mean transverse energy, GeV")


class Readout(Settings):
    """From the energy in a cell to what is read out."""

    noise: NotNegative = Field(description="standard deviation of the noise of a cell, GeV")
    threshold: NotNegative = Field(description="cells below this are set to 0, GeV")


class Parameters(Settings):
    """All parameters of the calorimeter model."""

    kinds: dict[Name, Literal["electron", "jet"]] = Field(description="kind of run: what it holds")
    spectrum: Spectrum
    leakage: Beta = Field(
        description="beta distribution of the HCal's share of a photon or electron"
    )
    em_shower: Shower
    hadron_shower: Shower
    electron: Electron
    jet: Jet
    surroundings: Surroundings
    ecal: Readout
    hcal: Readout

    @model_validator(mode="after")
    def _countable(self) -> "Parameters":
        energies = {
            "spectrum.highest": self.spectrum.highest,
            "surroundings.energy": self.surroundings.energy,
        }
        for shower in ("em_shower", "hadron_shower"):
            for key, energy in energies.items():
                spots = energy / getattr(self, shower).spot
                if spots > MOST_SPOTS:
                    raise ValueError(
                        f"{shower}.spot: {key} is {spots:.3g} times as much, at most "
                        f"{MOST_SPOTS:g} spots are possible"
                    )
        return self
