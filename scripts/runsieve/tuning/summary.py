"""What a search has found: its trials, how much each setting matters, and the model to take."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import optuna
import pandas as pd
import yaml
from optuna.importance import FanovaImportanceEvaluator, get_param_importances
from optuna.trial import FrozenTrial, TrialState

from runsieve.config.search import Search
from runsieve.errors import RunsieveError
from runsieve.tuning.objective import settings_with, start_of
from runsieve.tuning.space import space_of, values_of
from runsieve.tuning.study import ERROR, WORKER, is_finished, open_study
from runsieve.tuning.worker import EPOCHS, PARAMETERS, SECONDS

FEWEST = 3  # complete trials for importances


def journal_of(studies: str | Path, workers: Iterable[str | Path]) -> Path:
    """The journal that all workers have written to, given their files.

    Raises RunsieveError if they have written to several.
    """
    told = [json.loads(Path(file).read_text(encoding="utf-8")) for file in workers]
    keys = sorted({one["study"] for one in told})
    if len(keys) > 1:
        raise RunsieveError(
            f"{studies}: one study of all workers expected, found {', '.join(keys)}; remove the "
            "workers' files beside this folder and start again"
        )
    return Path(studies) / f"{keys[0]}.log"


def read_study(journal: Path, search: Search) -> optuna.Study:
    """The study of a search that has run. Raises RunsieveError if there is none."""
    if not journal.is_file():
        raise RunsieveError(
            f"{journal}: the journal of the search is gone; remove the workers' files beside its "
            "folder and start again"
        )
    return open_study(journal, search)


def tables_of(study: optuna.Study, search: Search) -> tuple[pd.DataFrame, pd.DataFrame]:
    """See `history_of` and `importances_of`."""
    return history_of(study, search), importances_of(study, search)


def history_of(study: optuna.Study, search: Search) -> pd.DataFrame:
    """One row per trial, in the order in which they began.

    number; state: complete, pruned, failed, or lost with its worker; value: validation AUC, of a
    pruned trial that of its last epoch; a column for each parameter; parameters of the network;
    epochs; seconds; worker; error
    """
    names = list(space_of(search))
    rows = [
        {
            "number": trial.number,
            "state": _state(trial),
            "value": trial.value if trial.values else None,
            **{name: trial.params.get(name) for name in names},
            **{name: trial.user_attrs.get(name) for name in (PARAMETERS, EPOCHS, SECONDS)},
            WORKER: trial.user_attrs.get(WORKER),
            ERROR: trial.user_attrs.get(ERROR),
        }
        for trial in study.get_trials(deepcopy=False)
    ]
    table = pd.DataFrame(rows)
    counts = [PARAMETERS, EPOCHS, WORKER]
    return table.astype(dict.fromkeys(counts, "Int64")).astype({"value": float})


def _state(trial: FrozenTrial) -> str:
    if trial.state == TrialState.FAIL and is_finished(trial):
        return "failed"
    ended = trial.state in (TrialState.COMPLETE, TrialState.PRUNED)
    return trial.state.name.lower() if ended else "lost"


def chosen_trial(history: pd.DataFrame, tolerance: float) -> int:
    """Number of the trial to take.

    Of the complete trials whose AUC is at most `tolerance` below the highest, the one with the
    fewest parameters; of several, and where parameters are not known, that with the highest AUC.
    Raises RunsieveError if no trial is complete.
    """
    complete = history[history["state"] == "complete"]
    if complete.empty:
        reasons = history["error"].dropna()
        first = f"; the first that failed: {reasons.iloc[0]}" if len(reasons) else ""
        raise RunsieveError(f"search: none of {len(history)} trials is complete{first}")
    near = complete[complete["value"] >= complete["value"].max() - tolerance]
    near = near.sort_values([PARAMETERS, "value", "number"], ascending=[True, False, True])
    return int(near["number"].iloc[0])


def importances_of(study: optuna.Study, search: Search) -> pd.DataFrame:
    """By parameter, the fraction of the variance of the AUC that it explains alone.

    Functional ANOVA of a random forest on the complete trials (Hutter et al., ICML 2014). Empty for
    fewer than three of them, or if all have the same AUC. Columns: parameter, importance, trials.
    """
    complete = study.get_trials(deepcopy=False, states=(TrialState.COMPLETE,))
    found: Mapping[str, float] = {}
    if len(complete) >= FEWEST and len({trial.value for trial in complete}) > 1:
        names = [name for name, one in space_of(search).items() if not one.single()]
        evaluator = FanovaImportanceEvaluator(seed=search.seed)
        found = get_param_importances(study, evaluator=evaluator, params=names)
    rows = sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))
    table = pd.DataFrame(rows, columns=["parameter", "importance"])
    return table.assign(trials=len(complete))


def best_settings(
    start: Mapping[str, Any], search: Search, parameters: Mapping[str, Any]
) -> dict[str, Any]:
    """Settings of the model with drawn parameters, without those that have their default."""
    settings = start_of(start)
    changed = settings_with(settings, values_of(search, parameters))
    changed = changed.model_copy(update={"calibration": settings.calibration})
    return changed.model_dump(mode="json", exclude_defaults=True)


def best_file(
    name: str, search: Search, history: pd.DataFrame, number: int, settings: Mapping[str, Any]
) -> str:
    """A configuration file with one model, which `models_from` of an analysis can name."""
    about = "".join(f"# {line}\n" for line in _about(search, history, number))
    return about + yaml.safe_dump({"models": {name: dict(settings)}}, sort_keys=False, width=100)


def _about(search: Search, history: pd.DataFrame, number: int) -> list[str]:
    row = history.set_index("number").loc[number]
    highest = history.loc[history["state"] == "complete", "value"].max()
    counted = history["state"].value_counts()
    states = ", ".join(f"{count} {state}" for state, count in sorted(counted.items()))
    size = "" if pd.isna(row[PARAMETERS]) else f", {row[PARAMETERS]} parameters"
    return [
        f"Trial {number} of a search from {search.model} on {search.sample}: "
        f"validation AUC {row['value']:.5f}{size}.",
        f"Of {len(history)} trials ({states}) the highest validation AUC is {highest:.5f}; the "
        f"tolerance is {search.tolerance:g}.",
        "As the best of many this AUC is too high; the test events, which the search has not seen, "
        "tell.",
    ]
