"""What is said of a search: its tables, the choice, and the file of the best model."""

import pandas as pd
import pytest
import yaml

from helpers.searches import EPOCHS, failing, pretended, search_of
from runsieve.errors import RunsieveError
from runsieve.figures.described import Described
from runsieve.figures.search import draw_search
from runsieve.figures.style import save
from runsieve.tables import write_csv, write_json
from runsieve.tuning.study import open_study
from runsieve.tuning.summary import (
    best_file,
    best_settings,
    chosen_trial,
    importances_of,
    journal_of,
    read_study,
    tables_of,
)
from runsieve.tuning.worker import work

START = {
    "type": "network",
    "towers": {"waveform": {"scaling": {"scale": 40}}},
    "dense": {"units": [8, 8], "dropout": 0.1},
    "calibration": "temperature",
}


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """Study, search, history and importances of a finished search."""
    journal, search = tmp_path_factory.mktemp("study") / "one.log", search_of(trials=25)
    work(journal, search, 1, pretended)
    study = read_study(journal, search)
    return study, search, *tables_of(study, search)


def test_the_history_has_a_row_for_each_trial(found):
    study, _, history, _ = found
    assert list(history.columns) == [
        *("number", "state", "value", "training.learning_rate", "dense.units.layers"),
        *("dense.units", "dense.normalisation", "parameters", "epochs", "seconds", "worker"),
        "error",
    ]
    assert len(history) == 25
    assert history["value"].tolist() == [trial.value for trial in study.trials]
    complete = history["state"] == "complete"
    assert (history.loc[complete, "epochs"] == EPOCHS).all()
    assert (history.loc[~complete, "epochs"] < EPOCHS).all()
    assert (history["parameters"] == history["dense.units"] * history["dense.units.layers"]).all()


def test_what_decides_is_the_most_important(found):
    study, search, history, importances = found
    assert importances["parameter"].iloc[0] == "training.learning_rate"
    assert importances["importance"].iloc[0] > 0.6
    assert importances["importance"].sum() == pytest.approx(1)
    assert set(importances["trials"]) == {int((history["state"] == "complete").sum())}
    pd.testing.assert_frame_equal(importances, importances_of(study, search))


def test_without_a_difference_nothing_is_important(tmp_path):
    search = search_of(trials=4)
    work(tmp_path / "one.log", search, 1, lambda values, course: 0.5)
    assert tables_of(open_study(tmp_path / "one.log", search), search)[1].empty


def table(*rows):
    return pd.DataFrame(rows, columns=["number", "state", "value", "parameters", "error"])


def test_the_smallest_within_the_tolerance_is_chosen():
    history = table(
        (0, "complete", 0.900, 1000, None),
        (1, "complete", 0.899, 200, None),
        (2, "complete", 0.8995, 200, None),
        (3, "pruned", 0.95, 10, None),
        (4, "complete", 0.89, 10, None),
    )
    assert chosen_trial(history, 0) == 0
    assert chosen_trial(history, 0.001) == 2
    assert chosen_trial(history, 0.02) == 4
    assert chosen_trial(history.assign(parameters=pd.NA), 0.02) == 0


def test_without_a_complete_trial_there_is_no_choice():
    with pytest.raises(RunsieveError, match=r"none of 1 trials is complete; .*: too deep"):
        chosen_trial(table((0, "failed", None, None, "too deep")), 0)


def test_the_file_of_the_best_model(found):
    study, search, history, _ = found
    number = chosen_trial(history, search.tolerance)
    trial = study.trials[number]
    text = best_file("tuned", search, history, number, best_settings(START, search, trial.params))
    content = yaml.safe_load(text)["models"]["tuned"]
    assert content["type"] == "network"
    assert content["calibration"] == "temperature"
    assert content["towers"] == START["towers"]
    assert content["training"] == {"learning_rate": trial.params["training.learning_rate"]}
    assert content["dense"]["units"] == [trial.params["dense.units"]] * len(
        content["dense"]["units"]
    )
    assert text.startswith(f"# Trial {number} of a search from small on all: validation AUC ")
    assert f"{trial.value:.5f}" in text.splitlines()[0]


def test_the_journal_that_all_workers_name(tmp_path):
    files = [tmp_path / f"worker{number}.json" for number in (1, 2)]
    for file in files:
        write_json({"study": "abc"}, file)
    assert journal_of(tmp_path, files) == tmp_path / "abc.log"
    with pytest.raises(RunsieveError, match=r"abc\.log: the journal of the search is gone"):
        read_study(tmp_path / "abc.log", search_of())
    write_json({"study": "abd"}, files[1])
    with pytest.raises(RunsieveError, match="one study of all workers expected, found abc, abd"):
        journal_of(tmp_path, files)


@pytest.mark.parametrize("kind", ["all", "no sizes", "no importances", "one trial"])
def test_the_figure_is_always_the_same(found, tmp_path, kind):
    _, _, history, importances = found
    if kind == "no sizes":
        history = history.assign(parameters=pd.NA)
    if kind == "no importances":
        importances = importances[:0]
    if kind == "one trial":
        history = history[history["state"] == "complete"][:1]
    chosen = chosen_trial(history, 0.001)
    for name in ("one", "other"):
        described = Described("tuned on all", simulated=True)
        figure = draw_search(history, importances, chosen, 0.001, described)
        save(figure, [tmp_path / f"{name}.svg", tmp_path / f"{name}.png"])
    for end in ("svg", "png"):
        one, other = ((tmp_path / f"{name}.{end}").read_bytes() for name in ("one", "other"))
        assert one == other
    panels = {"no sizes": 2, "no importances": 2}.get(kind, 3)
    assert len(figure.axes) == panels


def test_tables_of_failed_trials_can_be_written(tmp_path):
    search = search_of()
    work(tmp_path / "one.log", search, 1, failing)
    history, _ = tables_of(open_study(tmp_path / "one.log", search), search)
    write_csv(history, tmp_path / "history.csv")
    read = pd.read_csv(tmp_path / "history.csv", keep_default_na=False)
    assert read["state"].tolist() == history["state"].tolist()
    assert (read.loc[read["state"] == "failed", "value"] == "").all()
