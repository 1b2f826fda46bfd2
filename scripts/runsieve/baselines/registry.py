"""The types of baselines, by name: the modules of `classifiers`.

Each module defines a settings class (a subclass of `ModelSettings` whose `type` is the name of the
module), `observables(settings, events, arrays, pulses)`, which returns what the classifier sees, of
shape (events, n), and `fit(settings, sample, seed)`, which returns a fitted estimator of
scikit-learn. `pulses` holds, by input, what turns raw values into pulses. Modules import
scikit-learn inside functions, because settings are needed while a workflow is parsed.
"""

from runsieve.config.model import ModelSettings
from runsieve.registry import TypeRegistry

CLASSIFIERS = TypeRegistry("baselines.classifiers", base=ModelSettings)
validated = CLASSIFIERS.validated
