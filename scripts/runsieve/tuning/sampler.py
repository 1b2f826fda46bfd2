"""Samplers whose proposals depend on the number of a trial, not on how often a job has started."""

from importlib.util import find_spec
from typing import Any

import numpy as np
import optuna
from optuna.distributions import BaseDistribution
from optuna.samplers import BaseSampler, GPSampler, RandomSampler, TPESampler

from runsieve.config.search import Search
from runsieve.errors import RunsieveError


class TrialSampler(BaseSampler):
    """A sampler with a seed for each trial, from that of the search and the trial's number.

    A sampler with one seed would propose again, after a restart, what it has proposed before, and
    two workers would propose the same.
    """

    def __init__(self, search: Search) -> None:
        self.search = search
        self.inner = sampler_of(search, 0)

    def before_trial(self, study: optuna.Study, trial: optuna.trial.FrozenTrial) -> None:
        """Seed the sampler for this trial."""
        self.inner = sampler_of(self.search, trial.number)
        self.inner.before_trial(study, trial)

    def infer_relative_search_space(
        self, study: optuna.Study, trial: optuna.trial.FrozenTrial
    ) -> dict[str, BaseDistribution]:
        """As the sampler itself."""
        return self.inner.infer_relative_search_space(study, trial)

    def sample_relative(
        self,
        study: optuna.Study,
        trial: optuna.trial.FrozenTrial,
        search_space: dict[str, BaseDistribution],
    ) -> dict[str, Any]:
        """As the sampler itself."""
        return self.inner.sample_relative(study, trial, search_space)

    def sample_independent(
        self,
        study: optuna.Study,
        trial: optuna.trial.FrozenTrial,
        param_name: str,
        param_distribution: BaseDistribution,
    ) -> Any:
        """As the sampler itself."""
        return self.inner.sample_independent(study, trial, param_name, param_distribution)


def sampler_of(search: Search, trial: int) -> BaseSampler:
    """The sampler that a search names, for one trial.

    Raises RunsieveError for a Gaussian process where PyTorch is not installed.
    """
    (state,) = np.random.SeedSequence([search.seed, trial]).generate_state(1)
    seed, start = int(state), search.random_trials
    if search.sampler == "random":
        return RandomSampler(seed=seed)
    if search.sampler == "tpe":
        return TPESampler(seed=seed, n_startup_trials=start, multivariate=True)
    return _gaussian_process(seed, start)


def _gaussian_process(seed: int, start: int) -> GPSampler:
    if find_spec("torch") is None:
        raise RunsieveError(
            "search: sampler gp needs PyTorch, which is not installed; choose tpe or random, or "
            "install torch"
        )
    return GPSampler(seed=seed, n_startup_trials=start)
