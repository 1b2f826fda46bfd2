"""The types of networks, by name: the modules of `architectures`.

Each module defines a settings class (a subclass of `NetworkSettings` whose `type` is the name of
the module) and `build(settings, seen, precision)`, which returns a Keras model. It imports Keras
inside functions, because settings are needed while a workflow is parsed.
"""

from runsieve.config.network import NetworkSettings
from runsieve.registry import TypeRegistry

ARCHITECTURES = TypeRegistry("networks.architectures", base=NetworkSettings)
validated = ARCHITECTURES.validated
