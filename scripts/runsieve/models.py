"""All model types: those of the room `networks` and those of the room `baselines`.

Networks and baselines share one protocol. Each is fitted to a `FitSample`, saved as one file, and
loaded as a `Scorer`, which returns probabilities. Rules and scripts look up here where they differ.
"""

from dataclasses import dataclass

from runsieve import layout
from runsieve.baselines.registry import CLASSIFIERS
from runsieve.config.catalogue import Catalogue
from runsieve.config.model import ModelSettings
from runsieve.networks.registry import ARCHITECTURES
from runsieve.registry import TypeRegistry
from runsieve.simulate import models as detectors


@dataclass(frozen=True)
class Family:
    """Models that are fitted, saved and loaded in the same way.

    types: registry of their types
    file: path template of a fitted model
    scorer: module whose `load` reads that file as a `Scorer`
    environment: conda environment in which they are scored
    memory: of a scoring job, in MB
    """

    types: TypeRegistry
    file: str
    scorer: str
    environment: str
    memory: int

    def fitting_sources(self, settings: ModelSettings) -> list[str]:
        """Files that the fit of a model depends on, beyond what the script imports."""
        return [self.types.source(settings.type), *settings.modules()]

    def scoring_sources(self, settings: ModelSettings) -> list[str]:
        """Files that the scores of a model depend on, beyond what the script imports."""
        return [f"{self.scorer.replace('.', '/')}.py", *self.fitting_sources(settings)]


NETWORKS = Family(
    ARCHITECTURES,
    layout.NETWORK,
    "runsieve.networks.prediction",
    "tensorflow",
    memory=4000,
)
BASELINES = Family(
    CLASSIFIERS,
    layout.BASELINE,
    "runsieve.baselines.baseline",
    "runsieve",
    memory=4000,
)
FAMILIES = (NETWORKS, BASELINES)


def family_of(settings: ModelSettings) -> Family:
    """The family of a model, given by its type."""
    return next(family for family in FAMILIES if settings.type in family.types)


def catalogue() -> Catalogue:
    """What the configuration can refer to by name: model types and detector models."""
    return Catalogue(
        [one for family in FAMILIES for one in family.types.settings_classes()],
        detectors.DETECTORS.names,
        detectors.parameters,
    )
