"""Settings of searches: ranges, the settings that they lead to, and what is said of mistakes."""

import copy

import pytest
import yaml
from pydantic import ValidationError

from helpers.checkout import ROOT
from helpers.plans import ANALYSIS, RUNS
from runsieve.config.checks import check
from runsieve.config.load import load_analysis, merge
from runsieve.config.messages import sentences
from runsieve.config.run_sheet import Run
from runsieve.config.search import Range, Search, with_values
from runsieve.models import catalogue

SETTINGS = catalogue().analysis
SEARCH = {"model": "small", "sample": "all", "ranges": {"dense.units": {"low": 1, "high": 8}}}


def said(search: dict, changes: dict | None = None) -> list[str]:
    """What is said of the small analysis with this search."""
    given = {"searches": {"found": search}, **(changes or {})}
    content = merge(copy.deepcopy(ANALYSIS), given)
    try:
        settings = SETTINGS.model_validate(content)
    except ValidationError as error:
        return sentences(error, SETTINGS, "file")
    return check(settings, [Run.model_validate(run) for run in RUNS], "sheet.tsv")


def with_ranges(**ranges) -> dict:
    return {**SEARCH, "ranges": {key.replace("__", "."): one for key, one in ranges.items()}}


@pytest.mark.parametrize(
    "ranges",
    [
        {"dense__units": {"layers": [1, 3], "low": 4, "high": 64, "log": True}},
        {"dense__units": [[8], [8, 4]], "dense__dropout": {"low": 0, "high": 0.5, "step": 0.1}},
        {"dense__normalisation": [None, {"type": "batch"}]},
        {"training__learning_rate": {"low": 0.0001, "high": 0.01, "log": True}},
        {"towers__*__scaling__scale": {"low": 1, "high": 100, "log": True}},
        {"training__optimiser": ["adam", "sgd"], "training__epochs": [3]},
    ],
)
def test_ranges_that_lead_to_settings_are_accepted(ranges):
    assert said(with_ranges(**ranges)) == []


def test_a_baseline_can_be_searched():
    trees = {"model": "trees", "sample": "all", "ranges": {"iterations": {"low": 10, "high": 90}}}
    assert said(trees) == []


@pytest.mark.parametrize(
    ("ranges", "expected"),
    [
        (
            {"dense__unit": [[8]]},
            "searches.found.ranges: 'small' with dense.unit [8]: dense.unit: unknown key (did you "
            "mean 'units'?)",
        ),
        (
            {"dense__units": {"low": 1, "high": 8}},
            "searches.found.ranges: 'small' with dense.units 1: dense.units: expected a list, "
            "found 1",
        ),
        (
            {"dense__units": {"layers": [1, 2], "low": 0, "high": 8}},
            "searches.found.ranges: 'small' with dense.units [0]: dense.units.0: expected a number "
            "greater than 0, found 0",
        ),
        (
            {"dense__units": {"layers": [1, 2], "low": 4, "high": 8}, "dense__dropout": [[0.1]]},
            "searches.found.ranges: 'small' with dense.units [8, 8], dense.dropout [0.1]: dense: "
            "dropout has 1 values for 2 hidden layers",
        ),
        (
            {"training__optimiser": ["adam", "adamm"]},
            "searches.found.ranges: 'small' with training.optimiser \"adamm\": training.optimiser: "
            "expected 'adam', 'adamw', 'nadam', 'rmsprop' or 'sgd', found 'adamm'",
        ),
        (
            {"towers": [{"numbers": {}}]},
            "searches.found.ranges: 'small' with towers {\"numbers\": {}}: what the model sees "
            "must stay the same",
        ),
        ({"seeds": [1, 2]}, "searches.found.ranges.seeds: no range can be searched for it"),
        (
            {"type__x": [1]},
            "searches.found.ranges.type.x: no range can be searched for it",
        ),
        (
            {"training__epochs__more": [1]},
            "searches.found.ranges: 'small' with training.epochs.more 1: 'training.epochs.more' "
            "names no setting",
        ),
        (
            {"dense__dropout": {"low": 0.5, "high": 0.1}},
            "file: searches.found.ranges.dense.dropout: low 0.5 is above high 0.1",
        ),
        (
            {"dense__dropout": {"low": 0, "high": 0.5, "log": True}},
            "file: searches.found.ranges.dense.dropout: log needs a low above 0, found 0",
        ),
        (
            {"dense__dropout": {"low": 0, "high": 0.5, "step": 0.2}},
            "file: searches.found.ranges.dense.dropout: high - low must be a multiple of step",
        ),
        (
            {"dense__dropout": {"low": 0.1, "high": 0.5, "step": 0.1, "log": True}},
            "file: searches.found.ranges.dense.dropout: give either log or step",
        ),
        (
            {"dense__units": {"layers": [3, 1], "low": 1, "high": 5}},
            "file: searches.found.ranges.dense.units: layers: the fewest come first",
        ),
        (
            {"dense__dropout": {"low": 0}},
            "file: searches.found.ranges.dense.dropout.high: missing; it is required",
        ),
        (
            {"dense____units": [[1]]},
            "file: searches.found.ranges: 'dense..units' is no setting; keys are joined by single "
            "dots",
        ),
    ],
)
def test_a_mistake_in_a_range_is_one_sentence(ranges, expected):
    assert said(with_ranges(**ranges)) == [expected]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (
            {"model": "smal"},
            "searches.found.model: there is no model 'smal' (did you mean 'small'?)",
        ),
        ({"sample": "al"}, "searches.found.sample: there is no sample 'al' (did you mean 'all'?)"),
        (
            {"sample": "folded"},
            "searches.found.sample: 'folded' has folds; a search needs one split",
        ),
        (
            {"sample": "null"},
            "searches.found.sample: 'null' is a null test, where no model is better",
        ),
    ],
)
def test_models_and_samples_of_searches(change, expected):
    samples = {"samples": {"folded": {"folds": 3}, "null": {"null_test": True}}}
    search = {**SEARCH, "ranges": {"dense.dropout": [0.1]}, **change}
    assert said(search, samples) == [expected]


def test_values_of_dotted_keys():
    start = {"a": {"b": {"c": 1}, "d": {"c": 2}}, "e": None}
    assert with_values(start, {"a.*.c": 5, "e.f": [1]}) == {
        "a": {"b": {"c": 5}, "d": {"c": 5}},
        "e": {"f": [1]},
    }
    assert start["e"] is None
    with pytest.raises(KeyError, match=r"a\.b\.c\.x"):
        with_values(start, {"a.b.c.x": 1})


def test_whole_numbers_and_others():
    assert Range(low=1, high=8).whole
    assert Range(low=1, high=9, step=2).whole
    assert not Range(low=1.0, high=8).whole
    assert not Range(low=1, high=2, step=0.5).whole


def test_ends_of_ranges():
    search = Search.model_validate(
        {**SEARCH, "ranges": {"a": {"layers": [1, 2], "low": 3, "high": 4}, "b": [5, 6, 7]}}
    )
    found = list(search.corners())
    assert found[0] == {"a": [3], "b": 5}
    assert found[1] == {"a": [4, 4], "b": 7}
    assert {"a": [3], "b": 6} in found
    assert {"a": [4], "b": 5} in found


def test_the_shipped_search_is_valid_at_both_scales():
    for scale, trials in (("demo", 20), ("full", 60)):
        loaded = load_analysis("cosine", scale, catalogue())
        assert loaded.settings.searches["dnn_tuned"].trials == trials


def test_models_of_other_files(tmp_path, monkeypatch):
    monkeypatch.chdir(ROOT)
    found = tmp_path / "best.yaml"
    content = {"type": "network", "towers": {"waveform": None}, "dense": {"units": [3]}}
    found.write_text(yaml.safe_dump({"models": {"dnn_tuned": content}}))
    folder = tmp_path / "config"
    for name in ("analyses", "runs"):
        (folder / name).mkdir(parents=True)
        for path in (ROOT / "config" / name).glob("cosine.*"):
            (folder / name / path.name).write_bytes(path.read_bytes())
    mine = {
        "extends": "cosine",
        "runs": "config/runs/cosine.tsv",
        "models_from": [str(found)],
        "models": {"dnn_tuned": {"training": {"epochs": 9}}},
    }
    (folder / "analyses/mine.yaml").write_text(yaml.safe_dump(mine))

    def read() -> tuple:
        from runsieve.config.load import read

        return read({"analyses": ["mine"], "folder": str(folder)}, catalogue())

    loaded, errors = read()
    assert errors == []
    model = loaded["mine"].settings.models["dnn_tuned"]
    assert (model.dense.units, model.training.epochs) == ([3], 9)
    found.write_text(yaml.safe_dump({"models": {}, "seeds": [1]}))
    assert read()[1] == [
        f"{folder}/analyses/mine.yaml: models_from: {found}: one key 'models' expected, found "
        "models, seeds"
    ]
    found.unlink()
    assert read()[1] == [f"{folder}/analyses/mine.yaml: models_from: there is no file '{found}'"]
