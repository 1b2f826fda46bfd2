"""Settings of friends: what columns and inputs may read of them, and what is said otherwise."""

import copy

import pytest
from pydantic import ValidationError

from helpers.plans import ANALYSIS, RUNS
from runsieve.config.checks import check
from runsieve.config.friends import Friend
from runsieve.config.load import merge
from runsieve.config.run_sheet import Run
from runsieve.models import catalogue

FRIENDS = {
    "muon": {"files": "muon{run}.root", "tree": "mu", "event": "evt", "missing": -999},
    "hits": {"tree": "hits", "event": "number", "many": True},
    "extra": {"tree": "extra"},
}


def said(changes: dict) -> list[str]:
    """What is said of the small analysis with friends and these changes."""
    settings = catalogue().analysis.model_validate(
        merge(copy.deepcopy(ANALYSIS) | {"friends": FRIENDS}, changes)
    )
    return check(settings, [Run.model_validate(run) for run in RUNS], "sheet.tsv")


def test_columns_and_inputs_of_friends():
    columns = {"time": "muon.t", "edep": "Sum$(hits.e{channel})", "mixed": "e{channel} / extra.q"}
    inputs = {
        "pulse": {"branches": ["extra.w{channel}", "muon.w[{channel}]"], "shape": [8]},
        "three": {"columns": ["time", "edep", "mixed"]},
    }
    assert said({"columns": columns, "keep": ["energy", "time", "edep"], "inputs": inputs}) == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (
            {"columns": {"event": "muon.evt"}},
            "columns.event: must be of the tree 'event', by whose event numbers the friend 'muon' "
            "is joined",
        ),
        (
            {"inputs": {"p": {"branches": ["hits.w{channel}"], "shape": [4]}}},
            "inputs.p.branches: the friend 'hits' has several entries per event; make columns of "
            "them, such as Sum$ or Max$",
        ),
        (
            {"inputs": {"p": {"branches": ["muon.w"], "shape": [4], "tree": "truth"}}},
            "inputs.p.tree: does not go with branches of the friend 'muon'",
        ),
        (
            {"columns": {"q": "extra.q"}, "inputs": {"p": {"columns": ["q"], "files": "a.root"}}},
            "inputs.p.files: does not go with branches of the friend 'extra'",
        ),
        (
            {"friends": {"muon": {"event": "muon.evt"}}},
            "friends.muon.event: is of the friend itself; write 'evt'",
        ),
        (
            {"friends": {"muon": {"event": "e{channel}"}}},
            "friends.muon.event: must be the same in all channels, found 'e{channel}'",
        ),
        ({"friends": {"muon": {"run": "1"}}}, "friends.muon.run: names no branch, found '1'"),
        (
            {"friends": {"muon": {"run": "run +"}}},
            "friends.muon.run: 'run +' is not a ROOT expression: ",
        ),
        (
            {"friends": {"extra": {"tree": "event"}}},
            "friends.extra.tree: 'event' is the tree of the run itself",
        ),
    ],
)
def test_what_does_not_go_together(changes, expected):
    (sentence,) = said(changes)
    assert sentence.startswith(expected)


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ({"event": "evt"}, "give tree or files"),
        ({"tree": "mu", "missing": 0, "run": "r"}, "run and missing: only with event"),
        ({"tree": "mu", "many": True}, "many: only with event"),
        ({"tree": "mu", "event": "e", "many": True, "missing": 0}, "missing does not go with many"),
    ],
)
def test_keys_that_contradict_each_other(keys, words):
    with pytest.raises(ValidationError, match=words):
        Friend(**keys)
