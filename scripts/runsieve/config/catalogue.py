"""Names in the configuration that other rooms define: models and detector models."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property

from pydantic import Field, create_model

from runsieve.config.analysis import Analysis
from runsieve.config.base import Name, Settings
from runsieve.config.model import ModelSettings
from runsieve.registry import tagged_union


@dataclass(frozen=True)
class Catalogue:
    """The registries as the configuration sees them.

    models: settings of every type of model
    detectors: names of the detector models
    parameters: settings class of a detector model, imported on demand
    """

    models: Iterable[type[ModelSettings]]
    detectors: Iterable[str]
    parameters: Callable[[str], type[Settings]]

    @cached_property
    def analysis(self) -> type[Analysis]:
        """Settings of an analysis in which `models` may be of any type of the catalogue."""
        union = tagged_union(self.models)
        models = Analysis.model_fields["models"]
        field = (dict[Name, union], Field(min_length=1, description=models.description))
        return create_model(
            "Analysis",
            __base__=Analysis,
            __doc__=Analysis.__doc__,
            models=field,
        )
