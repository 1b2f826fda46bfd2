"""What a figure says about its origin: the names that it uses, and whether its data are real."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Described:
    """Names for display, and the origin of the data.

    title: what a figure is of, such as model and sample
    titles: display name of each class
    simulated: True if no event was recorded by a detector; figures then say "Simulation"
    models: all models of the analysis, so that each has the same colour in all figures
    """

    title: str = ""
    titles: Mapping[str, str] = field(default_factory=dict)
    simulated: bool = False
    models: Sequence[str] = ()

    def of(self, name: str) -> str:
        """Display name of a class; its own name if it has none."""
        return self.titles.get(name, name)

    def place_of(self, model: str, place: int) -> int:
        """Place of a model among all of the analysis; `place` where they are not known."""
        return list(self.models).index(model) if model in self.models else place


PLAIN = Described()
