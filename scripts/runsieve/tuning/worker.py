"""A worker of a search: it runs one trial after the other, until there are enough of them."""

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import optuna
from optuna.trial import TrialState

from runsieve.config.search import Search
from runsieve.errors import RunsieveError
from runsieve.tuning.space import values_of
from runsieve.tuning.study import ERROR, WORKER, claim, is_finished, open_study

PARAMETERS, EPOCHS, SECONDS = "parameters", "epochs", "seconds"  # further attributes of trials


class Course:
    """The course of a trial, which the objective reports epoch by epoch."""

    def __init__(self, trial: optuna.trial.Trial) -> None:
        self.trial = trial
        self.values: list[float] = []

    def report(self, value: float) -> None:
        """Tell the validation AUC after an epoch. Raises TrialPruned if this trial is to end."""
        self.values.append(value)
        self.trial.report(value, len(self.values))
        if self.trial.should_prune():
            raise optuna.TrialPruned

    def weigh(self, parameters: int) -> None:
        """Tell the number of parameters of the network."""
        self.trial.set_user_attr(PARAMETERS, parameters)


Objective = Callable[[Mapping[str, Any], Course], float]


def work(journal: Path, search: Search, worker: int, objective: Objective) -> list[int]:
    """Run trials of a study until it has enough; returns the numbers of those of this worker.

    objective: the validation AUC of a model whose settings have the given values, by dotted key;
    with RunsieveError the trial fails, and counts
    """
    study = open_study(journal, search)
    while (trial := claim(study, journal, search, worker)) is not None:
        values, course = values_of(search, trial.params), Course(trial)
        print(f"trial {trial.number}: {values}", flush=True)
        start, found = time.monotonic(), None
        try:
            found = objective(values, course)
            state = TrialState.COMPLETE
        except optuna.TrialPruned:
            state = TrialState.PRUNED
        except RunsieveError as error:
            state = TrialState.FAIL
            trial.set_user_attr(ERROR, " ".join(str(error).split()))
        trial.set_user_attr(EPOCHS, len(course.values))
        trial.set_user_attr(SECONDS, round(time.monotonic() - start, 1))
        study.tell(trial, found, state)
        print(f"trial {trial.number}: {state.name.lower()}, {found}", flush=True)
    trials = study.get_trials(deepcopy=False)
    return [one.number for one in trials if is_finished(one) and one.user_attrs[WORKER] == worker]
