"""Studies: what workers share, and what is left of them when one is killed."""

from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path

import pytest
from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution
from optuna.trial import TrialState

from helpers.searches import failing, pretended, search_of, slow_worker
from runsieve.errors import RunsieveError
from runsieve.tuning.space import space_of, values_of
from runsieve.tuning.study import claim, open_study, study_key
from runsieve.tuning.summary import history_of
from runsieve.tuning.worker import work


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    return tmp_path / "studies/one.log"


def drawn(journal: Path, search) -> list[dict]:
    return [trial.params for trial in open_study(journal, search).trials]


def test_parameters_and_the_settings_that_they_stand_for():
    search = search_of()
    assert space_of(search) == {
        "training.learning_rate": FloatDistribution(0.001, 0.1, log=True),
        "dense.units.layers": IntDistribution(1, 3),
        "dense.units": IntDistribution(4, 64, log=True),
        "dense.normalisation": CategoricalDistribution(["null", '{"type": "batch"}']),
    }
    parameters = {"training.learning_rate": 0.02, "dense.units.layers": 2, "dense.units": 9}
    assert values_of(search, {**parameters, "dense.normalisation": '{"type": "batch"}'}) == {
        "training.learning_rate": 0.02,
        "dense.units": [9, 9],
        "dense.normalisation": {"type": "batch"},
    }


def test_steps_and_repeated_choices():
    ranges = {
        "a": {"low": 0, "high": 0.5, "step": 0.1},
        "b": {"low": 2, "high": 8, "step": 2},
        "c": [1, 1, True],
    }
    assert space_of(search_of(ranges=ranges)) == {
        "a": FloatDistribution(0, 0.5, step=0.1),
        "b": IntDistribution(2, 8, step=2),
        "c": CategoricalDistribution(["1", "true"]),
    }


def test_a_worker_runs_all_trials(journal):
    search = search_of()
    assert work(journal, search, 1, pretended) == list(range(12))
    assert work(journal, search, 1, pretended) == list(range(12))  # and none twice
    states = {trial.state for trial in open_study(journal, search).trials}
    assert states <= {TrialState.COMPLETE, TrialState.PRUNED}


def test_one_worker_always_proposes_the_same(tmp_path):
    search = search_of()
    for name in ("one", "other"):
        work(tmp_path / f"{name}.log", search, 1, pretended)
    first = drawn(tmp_path / "one.log", search)
    assert first == drawn(tmp_path / "other.log", search)
    assert len({str(one) for one in first}) == len(first)
    work(tmp_path / "third.log", search_of(seed=2), 1, pretended)
    assert drawn(tmp_path / "third.log", search) != first


def test_a_search_that_is_extended_goes_on_as_if_it_had_been_longer(tmp_path):
    work(tmp_path / "one.log", search_of(trials=7), 1, pretended)
    work(tmp_path / "one.log", search_of(trials=12), 1, pretended)
    work(tmp_path / "other.log", search_of(trials=12), 1, pretended)
    one, other = (drawn(tmp_path / f"{name}.log", search_of()) for name in ("one", "other"))
    assert one == other


def test_workers_share_the_trials(journal):
    search = search_of(workers=3)
    with ThreadPoolExecutor(3) as pool:
        parts = list(pool.map(lambda worker: work(journal, search, worker, pretended), (1, 2, 3)))
    assert sorted(number for part in parts for number in part) == list(range(12))
    proposals = [str(one) for one in drawn(journal, search)]
    assert len(set(proposals)) == 12


def test_a_worker_that_is_killed_loses_the_trial_that_it_runs(journal):
    search = search_of(trials=8, workers=2)
    study = open_study(journal, search)
    with slow_worker(journal, 1, 8, 0.5) as running:
        begun = (line for line in running.stdout if line == "begun\n")
        for _ in range(3):
            assert next(begun)
        running.kill()
    before = [trial for trial in study.trials if trial.state.is_finished()]
    assert len(before) == 2
    with journal.open("a") as file:
        file.write('{"op_code":6,"worker_id":"x')  # what a write leaves that was cut short
    assert len(work(journal, search, 1, pretended)) == 8
    history = history_of(open_study(journal, search), search)
    assert history["state"].tolist().count("lost") == 1
    assert len(history) == 9
    kept = history.set_index("number").loc[[trial.number for trial in before], "value"]
    assert kept.tolist() == [trial.value for trial in before]


def test_the_trial_of_another_worker_is_left_to_it(journal):
    search = search_of(trials=3, workers=2)
    study = open_study(journal, search)
    mine = claim(study, journal, search, 1)
    work(journal, search, 2, pretended)
    assert [trial.state for trial in study.trials].count(TrialState.RUNNING) == 1
    study.tell(mine, 0.5)
    assert claim(study, journal, search, 2) is None


def test_the_trial_of_a_worker_that_is_no_more_is_lost(journal):
    search = search_of(trials=3, workers=2)
    study = open_study(journal, search)
    claim(study, journal, search, 2)
    work(journal, search_of(trials=3, workers=1), 1, pretended)
    states = [trial.state for trial in study.trials]
    assert (len(states), states.count(TrialState.FAIL)) == (4, 1)


def test_a_trial_that_fails_counts_and_says_why(journal):
    search = search_of()
    assert len(work(journal, search, 1, failing)) == 12
    history = history_of(open_study(journal, search), search)
    failed = history[history["state"] == "failed"]
    assert set(failed["error"]) == {"network: too deep"}
    assert set(failed["dense.units.layers"]) <= {2, 3}


def test_what_makes_another_study(tmp_path):
    digest = tmp_path / "digest.json"
    digest.write_text("events")
    fitted = {"model": {"type": "network"}, "code": "abc"}
    key = study_key(search_of(), fitted, [digest])
    assert key == study_key(search_of(), dict(fitted), [digest])
    for same in ({"trials": 99}, {"workers": 3}, {"tolerance": 0.01}):
        assert study_key(search_of(**same), fitted, [digest]) == key
    others = [
        study_key(search_of(seed=2), fitted, [digest]),
        study_key(search_of(ranges={"dense.dropout": [0, 0.1]}), fitted, [digest]),
        study_key(search_of(sampler="random"), fitted, [digest]),
        study_key(search_of(), {**fitted, "code": "abd"}, [digest]),
    ]
    digest.write_text("other events")
    others.append(study_key(search_of(), fitted, [digest]))
    assert len({key, *others}) == 6


def test_a_gaussian_process_finds_the_best_rate(journal):
    pytest.importorskip("torch", reason="PyTorch is not installed")
    search = search_of(sampler="gp", trials=25)
    assert work(journal, search, 1, pretended) == list(range(25))
    late = [trial["training.learning_rate"] for trial in drawn(journal, search)[20:]]
    assert sum(0.007 < rate < 0.014 for rate in late) >= 4, "of 5; at random one"


@pytest.mark.skipif(find_spec("torch") is not None, reason="PyTorch is installed")
def test_a_gaussian_process_needs_pytorch(journal):
    with pytest.raises(RunsieveError, match="sampler gp needs PyTorch, which is not installed"):
        open_study(journal, search_of(sampler="gp"))


def test_proposals_by_chance(journal):
    search = search_of(sampler="random", pruner="none")
    work(journal, search, 1, pretended)
    history = history_of(open_study(journal, search), search)
    assert set(history["state"]) == {"complete"}
