"""The study of a search: a journal of its trials, which workers share and which outlives them."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import optuna
from optuna.pruners import BasePruner, MedianPruner, NopPruner
from optuna.storages import JournalStorage
from optuna.storages.journal import JournalFileBackend, JournalFileSymlinkLock
from optuna.trial import FrozenTrial, TrialState

from runsieve.config.search import Search
from runsieve.locks import locked
from runsieve.tuning.sampler import TrialSampler
from runsieve.tuning.space import space_of

# Attributes of trials: who runs one, why one failed.
WORKER, ERROR = "worker", "error"
# Settings of a search that change neither what a trial is nor what it yields.
NOT_IN_KEY = {"trials", "workers", "tolerance"}
PAUSE = 0.2  # seconds between two attempts to ask for a trial
FEWEST_TRIALS = 5  # before a median means anything


def study_key(search: Search, fitted: Mapping[str, Any], files: Iterable[str | Path]) -> str:
    """Short hash of all that the trials of a search depend on; other trials are another study.

    fitted: settings, code and seed of the training, as plain values; files: digests of the sample
    and of its arrays
    """
    settings = search.model_dump(mode="json", exclude=NOT_IN_KEY)
    digest = hashlib.sha256(json.dumps([settings, fitted], sort_keys=True).encode())
    for file in files:
        digest.update(hashlib.sha256(Path(file).read_bytes()).digest())
    return digest.hexdigest()[:12]


def open_study(journal: Path, search: Search) -> optuna.Study:
    """The study in a journal, which is created if it is not there."""
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    journal.parent.mkdir(parents=True, exist_ok=True)
    # Absolute, because the lock is a link to the journal in its own folder.
    place = str(journal.absolute())
    lock = JournalFileSymlinkLock(place)
    with locked(_lock(journal), pause=PAUSE):
        _mend(journal, lock)
        storage = JournalStorage(JournalFileBackend(place, lock))
        return optuna.create_study(
            storage=storage,
            sampler=TrialSampler(search),
            pruner=_pruner(search),
            study_name=journal.stem,
            direction="maximize",
            load_if_exists=True,
        )


def _lock(journal: Path) -> Path:
    return journal.with_suffix(".claim")


def _mend(journal: Path, lock: JournalFileSymlinkLock) -> None:
    """Remove the last line of a journal if it is not complete, because its writer was killed.

    Optuna would not read what follows it.
    """
    if not journal.is_file():
        return
    lock.acquire()
    try:
        with journal.open("rb+") as file:
            content = file.read()
            if not content.endswith(b"\n"):
                file.truncate(content.rfind(b"\n") + 1)
    finally:
        lock.release()


def _pruner(search: Search) -> BasePruner:
    if search.pruner == "none":
        return NopPruner()
    # An epoch e is reported as step e; trainings are ended from step n_warmup_steps on.
    return MedianPruner(FEWEST_TRIALS, n_warmup_steps=search.pruned_from)


def claim(
    study: optuna.Study, journal: Path, search: Search, worker: int
) -> optuna.trial.Trial | None:
    """The next trial for a worker, or None if the others have been or are being run.

    A trial that this worker has not ended is lost, because the worker was killed; so is one of a
    worker that the search has no longer, and one that is nobody's.
    """
    with locked(_lock(journal), pause=PAUSE):
        trials = study.get_trials(deepcopy=False)
        for trial in trials:
            owner = trial.user_attrs.get(WORKER)
            if trial.state == TrialState.RUNNING and (
                owner is None or owner == worker or owner > search.workers
            ):
                print(f"trial {trial.number} was interrupted and is lost", flush=True)
                study.tell(trial.number, state=TrialState.FAIL)
        trials = study.get_trials(deepcopy=False)
        taken = sum(one.state == TrialState.RUNNING or is_finished(one) for one in trials)
        if taken >= search.trials:
            return None
        trial = study.ask(space_of(search))
        trial.set_user_attr(WORKER, worker)
        return trial


def is_finished(trial: FrozenTrial) -> bool:
    """True for a trial that counts: complete, ended early, or failed for a reason of its own."""
    if trial.state == TrialState.FAIL:
        return ERROR in trial.user_attrs
    return trial.state in (TrialState.COMPLETE, TrialState.PRUNED)
