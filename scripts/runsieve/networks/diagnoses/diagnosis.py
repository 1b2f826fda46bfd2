"""A diagnosis: one possible problem of a trained network, and advice."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Diagnosis:
    """One possible problem: a value, the limit that it should not cross, and advice.

    value: None where it cannot be measured
    explained_by: name of the diagnosis that is the reason for this one, which is then silent
    """

    name: str
    fired: bool
    value: float | None
    limit: float
    finding: str
    advice: str
    explained_by: str | None = None

    @property
    def sentence(self) -> str:
        """Finding and advice."""
        return f"{self.finding} {self.advice}"
