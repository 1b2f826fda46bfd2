"""What describes an analysis: its effective configuration, its runs, its jobs."""

import pytest
import yaml

from helpers.plans import RUNS, plan_of
from runsieve.config.load import load
from runsieve.models import catalogue
from runsieve.plan.plan import Plan
from runsieve.plan.provenance import (
    effective_configuration,
    known_jobs,
    origin_of_runs,
    training_files,
)

ROOTS = {"data": "data", "results": "results"}
FOLDED = {"samples": {"cross": {"folds": 2}}}


def reloaded(plan: Plan):
    """The settings that the written configuration is read as."""
    return catalogue().analysis.model_validate(yaml.safe_load(effective_configuration(plan)))


@pytest.mark.parametrize("scale", ["demo", "full"])
def test_effective_configuration_is_that_of_the_same_analysis(scale):
    for loaded in load({"analyses": "all", "scale": scale}, catalogue()).values():
        plan = Plan(loaded, ROOTS)
        others = {"demo", "extends"}  # of which all values are in the settings
        expected = plan.settings.model_dump(exclude=others)
        assert reloaded(plan).model_dump(exclude=others) == expected


def test_effective_configuration_has_the_defaults():
    written = yaml.safe_load(effective_configuration(plan_of()))
    assert written["models"]["small"]["training"]["learning_rate"] > 0
    assert written["report"]["score_bins"] == 20


def test_runs_have_their_origin_and_the_checksums_that_are_given(tmp_path):
    path = tmp_path / "a.root"
    path.touch()
    given = {"run": 2, "kind": "physics", "files": str(path), "checksums": "adler32:1"}
    first, second, *_ = origin_of_runs(plan_of(runs=[RUNS[0], given]))
    assert first == {
        "run": 1,
        "kind": "calibration",
        "origin": "simulated",
        "files": {"data/study/run1.root": None},
    }
    assert second["origin"] == "files"
    assert second["files"] == {str(path): "adler32:00000001"}


def test_every_training_of_a_network_has_facts():
    files = training_files(plan_of(FOLDED))
    place = "results/study/models"
    assert files == [
        f"{place}/{sample}/small/seed{seed}/training.json"
        for sample in ("all", "cross/fold1", "cross/fold2")
        for seed in (4, 5)
    ]


def test_scored_runs_are_named_where_the_page_shows_them():
    """Run 3 is of a kind that no class takes."""
    for scores, runs in (({}, [1, 2]), ({"runs": ["2-3"]}, [1, 2, 3])):
        plan = plan_of({"scores": scores})
        assert [one["run"] for one in origin_of_runs(plan)] == runs
        assert known_jobs(plan)["run"] == list(map(str, runs))


def test_jobs_of_the_configuration_are_known():
    known = known_jobs(plan_of(FOLDED))
    assert known["run"] == ["1", "2"]
    assert known["sample"] == ["all", "cross", "cross/fold1", "cross/fold2"]
    assert known["model"] == ["small", "trees", "bins", "best"]
    assert known["seed"] == ["4", "5"]
