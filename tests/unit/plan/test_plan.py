"""What follows from an analysis: its samples, its models, and the files of their results."""

import json

import pytest

from helpers.another_process import forget_code
from helpers.plans import PEAK, RUNS, plan_of
from runsieve import layout
from runsieve.config.network import Training
from runsieve.config.sample import Sample
from runsieve.models import BASELINES, NETWORKS
from runsieve.reports.about import About
from runsieve.samples.gathering import RunFiles

TWO_SAMPLES = {
    "samples": {
        "all": {"cross_test": ["one"]},
        "one": {"channels": [1], "models": ["bins", "small"]},
    }
}


def test_settings_of_a_sample_are_those_that_decide_which_events_are_in_it():
    plan = plan_of(TWO_SAMPLES)
    assert plan.sample("one") == plan_of({"samples": {"one": {"channels": [1]}}}).sample("one")
    assert Sample.model_validate(plan.sample("one")) == Sample(channels=[1])
    assert plan.sample("one") != plan.sample("all")


def test_classes_of_a_sample_are_in_the_order_of_the_analysis():
    third = {"kinds": ["noise"]}
    samples = {"some": {"classes": ["noise", "signal"]}}
    plan = plan_of({"classes": {"noise": third}, "samples": samples})
    assert plan.classes("all") == ["signal", "background", "noise"]
    assert plan.classes("some") == ["signal", "noise"]
    assert plan.sample_runs("all") == [1, 2, 3]
    assert plan.sample_runs("some") == [1, 3]
    assert plan.event_lists("some") == [
        "results/study/events/run1.parquet",
        "results/study/events/run3.parquet",
    ]


def test_a_sample_asks_only_for_the_runs_that_it_names():
    runs = [*RUNS, {"run": 4, "kind": "physics", "events": 100, "livetime": 2.0}]
    samples = {"few": {"runs": [4, 1]}, "folded": {"runs": [1, 2], "folds": 2}}
    plan = plan_of({"samples": samples}, runs)
    assert plan.sample_runs("few") == [1, 4]
    assert plan.sample_runs("all") == [1, 2, 4]
    assert plan.event_lists("few") == [f"results/study/events/run{run}.parquet" for run in (1, 4)]
    assert set(plan.gathered_files("few", "waveform")) == {1, 4}
    assert plan.gathered_sources("few", "waveform") == [
        "data/study/run1.root",
        "data/study/run4.root",
    ]
    assert plan.livetimes("folded") == {}
    assert plan.sample_runs("folded/fold2") == [1, 2]
    assert plan.sample("few")["runs"] == [4, 1]
    about = About.model_validate(plan.about("few", "small", 4))
    assert about.named_runs == [1, 4]
    assert set(about.cuts) == {1, 4}
    assert plan.named_runs("all") == []


def test_live_times_of_the_background_of_a_sample():
    runs = [
        {"run": 1, "kind": "calibration", "events": 1000, "livetime": 3.0},
        {"run": 2, "kind": "physics", "events": 5000, "livetime": 10.0},
        {"run": 3, "kind": "physics", "files": "a.root", "livetime": 20.0},
        {"run": 4, "kind": "physics", "files": "b.root"},
    ]
    plan = plan_of(runs=runs)
    # Run 2 is simulated, with 1 % of its events.
    assert plan.livetimes("all") == pytest.approx({2: 0.1, 3: 20.0})
    place = "results/study/reports/all/bins/rates.csv"
    assert plan.rates("all", "bins") == place
    assert plan_of().livetimes("all") == {}
    assert plan_of({"report": {"edges": None}}, runs).livetimes("all") == {}


def test_masses_are_those_of_the_channels_of_a_sample():
    changes = {"masses": {1: 8.3, 2: 9.1}, "samples": {"one": {"channels": [2]}}}
    plan = plan_of(changes)
    assert plan.masses("all") == {1: 8.3, 2: 9.1}
    assert plan.masses("one") == {2: 9.1}
    assert plan_of().masses("all") == {}


def test_a_matched_sample():
    match = {"column": "energy", "edges": {"values": [0, 5, 10]}}
    plan = plan_of({"samples": {"equal": {"match": match}}})
    assert plan.matched("equal")
    assert not plan.matched("all")


def test_where_an_input_of_a_sample_is_read():
    plan = plan_of()
    gathered = plan.gathered_files("all", "waveform")
    assert gathered == {
        run: {
            "run": [f"data/study/run{run}.root"],
            "input": [f"data/study/run{run}.root"],
            "kind": kind,
            "computed": None,
            "friends": {},
            "conditions": {},
        }
        for run, kind in ((1, "calibration"), (2, "physics"))
    }
    for files in gathered.values():
        assert RunFiles(**files).computed is None
    assert plan.gathered_sources("all", "waveform") == [
        "data/study/run1.root",
        "data/study/run2.root",
    ]


def test_an_input_of_computed_columns_is_read_with_their_file():
    plan = plan_of(
        {
            "columns": {"peak": PEAK},
            "keep": ["energy", "peak"],
            "inputs": {"peaks": {"columns": ["peak", "energy"]}},
        }
    )
    gathered = plan.gathered_files("all", "peaks")
    assert [one["computed"] for one in gathered.values()] == [
        "results/study/columns/run1.root",
        "results/study/columns/run2.root",
    ]
    assert set(plan.gathered_sources("all", "peaks")) == {
        "data/study/run1.root",
        "data/study/run2.root",
        "results/study/columns/run1.root",
        "results/study/columns/run2.root",
    }
    plan = plan_of(
        {
            "columns": {"peak": PEAK},
            "inputs": {"other": {"branches": ["r1"], "shape": [9], "baseline": "peak"}},
        }
    )
    assert all(one["computed"] for one in plan.gathered_files("all", "other").values())
    for name in ("waveform", "numbers"):
        assert all(one["computed"] is None for one in plan.gathered_files("all", name).values())
        assert not any("columns" in file for file in plan.gathered_sources("all", name))


def test_sources_of_an_input_are_the_files_that_can_be_watched(tmp_path):
    for name in ("run1.root", "friend1.root", "friend2.root"):
        (tmp_path / name).touch()
    runs = [
        {"run": 1, "kind": "calibration", "files": str(tmp_path / "run1.root")},
        {"run": 2, "kind": "physics", "files": "root://server//run2.root"},
    ]
    waveform = {"files": f"{tmp_path}/friend{{run}}.root", "tree": "friend"}
    plan = plan_of({"inputs": {"waveform": waveform}}, runs)
    assert plan.gathered_files("all", "waveform")[2] == {
        "run": ["root://server//run2.root"],
        "input": [str(tmp_path / "friend2.root")],
        "kind": "physics",
        "computed": None,
        "friends": {},
        "conditions": {},
    }
    expected = [str(tmp_path / name) for name in ("run1.root", "friend1.root", "friend2.root")]
    assert sorted(plan.gathered_sources("all", "waveform")) == sorted(expected)
    assert plan.gathered_sources("all", "ratio") == [str(tmp_path / "run1.root")]


def test_results_of_a_sample_are_those_of_all_its_trainings():
    plan = plan_of(TWO_SAMPLES | {"seeds": [4, 5]})
    assert plan.trainings("one") == [("small", 4), ("small", 5), ("bins", 4)]
    place = "results/study/tests/one"
    assert plan.of_trainings(layout.SCORES, "one") == [
        f"{place}/{one}/scores.parquet" for one in ("small/seed4", "small/seed5", "bins/seed4")
    ]
    assert plan.of_samples(layout.CHOICE) == [
        f"results/study/reports/{sample}/choice.csv" for sample in ("all", "one")
    ]


def test_models_of_a_sample_are_in_the_order_of_the_analysis():
    plan = plan_of(TWO_SAMPLES)
    assert plan.models("all") == ["small", "trees", "bins", "best"]
    assert plan.models("one") == ["small", "bins"]


def test_a_model_is_of_the_family_of_its_type():
    plan = plan_of()
    assert plan.family("small") is NETWORKS
    assert [plan.family(name) for name in ("trees", "bins", "best")] == [BASELINES] * 3
    assert [plan.is_network(name) for name in plan.models("all")] == [True, False, False, False]
    place = "results/study/models/all"
    assert plan.model_file("all", "small", 5) == f"{place}/small/seed5/model.keras"
    assert plan.model_file("all", "bins", 4) == f"{place}/bins/seed4/model.skops"


def test_arrays_that_a_model_sees():
    plan = plan_of()
    place = "results/study/samples/all"
    assert plan.arrays("all", "small") == [f"{place}/waveform.npy"]
    assert plan.arrays("all", "trees") == [f"{place}/waveform.npy", f"{place}/numbers.npy"]
    assert plan.arrays("all", "bins") == []
    assert plan.arrays("all", "best") == [f"{place}/ratio.npy"]


def test_models_that_do_not_depend_on_a_seed_are_fitted_once():
    plan = plan_of()
    seeds = {name: plan.seeds("all", name) for name in plan.models("all")}
    assert seeds == {"small": [4, 5], "trees": [4, 5], "bins": [4], "best": [4]}


def test_everything_that_is_compared():
    plan = plan_of(TWO_SAMPLES)
    expected = [("all", model) for model in ("small", "trees", "bins", "best")]
    expected += [("one", "small"), ("one", "bins")]
    assert plan.compared_models() == expected
    assert plan.of_compared(layout.METRICS) == [
        f"results/study/reports/{sample}/{model}/metrics.json" for sample, model in expected
    ]
    assert plan.of_seeds(layout.SCORES, "one", "small") == [
        f"results/study/tests/one/small/seed{seed}/scores.parquet" for seed in (4, 5)
    ]


def test_null_tests_are_trained_once():
    null = {"samples": {"null": {"null_test": True, "models": ["small"]}}}
    assert plan_of(null).seeds("null", "small") == [4]
    assert plan_of(null).seeds("all", "small") == [4, 5]


def test_results_of_a_sample_are_those_of_the_first_seed():
    plan = plan_of(TWO_SAMPLES)
    assert plan.of_sample(layout.SCORES, "one") == [
        "results/study/tests/one/small/seed4/scores.parquet",
        "results/study/tests/one/bins/seed4/scores.parquet",
    ]


def test_cross_tests_begin_with_the_sample_that_was_trained_on():
    plan = plan_of(TWO_SAMPLES)
    models = ["small", "trees", "bins", "best"]
    tests = [(model, "all", tested) for model in models for tested in ("all", "one")]
    assert plan.cross_tests() == tests
    assert plan.cross_test_scores() == [
        f"results/study/tests/all/{model}/seed4/{name}.parquet"
        for model in models
        for name in ("scores", "cross_test_one")
    ]


def test_without_other_samples_nothing_is_cross_tested():
    plan = plan_of()
    assert plan.cross_tests() == []
    assert plan.cross_test_scores() == []


def test_only_networks_are_diagnosed():
    plan = plan_of()
    assert plan.diagnoses("all", "small") == {
        seed: [f"results/study/models/all/small/seed{seed}/diagnosis.json"] for seed in (4, 5)
    }
    assert plan.diagnoses("all", "trees") == {4: [], 5: []}
    for model in ("bins", "best"):
        assert plan.diagnoses("all", model) == {4: []}


def test_a_diagnosis_depends_on_the_bins_and_not_on_the_rest_of_the_report():
    label = {"report": {"label": "E", "bootstrap": 99}}
    assert plan_of(label).binning() == plan_of().binning()
    edges = {"report": {"edges": {"values": [0, 10]}}}
    assert plan_of(edges).binning() != plan_of().binning()


def test_code_behind_a_model():
    plan = plan_of()
    fitted = {name: plan.fitting_code("fit_baseline.py", name) for name in ("trees", "bins")}
    scored = {name: plan.scoring_code("score_model.py", name) for name in plan.models("all")}
    assert len(set(fitted.values())) == 2
    assert len(set(scored.values())) == 4
    features = {"type": "pulse_shape", "sample_ns": 2, "onset": 9}
    features |= {"cluster_threshold": 5}
    shapes = plan_of({"models": {"trees": {"inputs": ["waveform"], "features": features}}})
    assert shapes.fitting_code("fit_baseline.py", "trees") != fitted["trees"]
    assert shapes.fitting_code("fit_baseline.py", "bins") == fitted["bins"]
    again = plan_of({"models": {"trees": {"iterations": 7}}})
    assert again.fitting_code("fit_baseline.py", "trees") == fitted["trees"]


def test_code_of_the_user_counts(tmp_path):
    mine, beside = tmp_path / "mine.py", tmp_path / "beside.py"
    mine.write_text("from beside import units\n\n\ndef build(inputs, classes):\n    return units\n")
    beside.write_text("units = 3\n")
    own = {"type": "keras", "file": str(mine), "inputs": ["waveform"]}
    plan = plan_of({"models": {"own": own}})
    assert plan.user_files("own") == [str(mine)]
    assert plan.user_files("small") == []

    def codes() -> tuple[str, str]:
        forget_code()
        fitted = plan.fitting_code("train_network.py", "own")
        return fitted, plan.scoring_code("score_model.py", "own")

    before = codes()
    beside.write_text("units = 4\n")
    edited = codes()
    beside.write_text("units = 4  # a comment\n")
    assert all(one != other for one, other in zip(before, edited, strict=True))
    assert codes() == edited


def test_where_a_model_comes_from():
    plan = plan_of({"samples": {"one": {"classes": ["signal", "background"]}}})
    about = plan.about("one", "small", 5)
    read = About.model_validate(json.loads(json.dumps(about)))
    assert read == About(
        analysis="study",
        title="A study",
        titles={"signal": "Signal", "background": "background"},
        sample="one",
        model="small",
        seed=5,
        cuts={
            1: {"signal": {"energy": "energy > 0", "coincidence": "hits > 1"}},
            2: {"background": {"energy": "energy > 0"}},
        },
        settings=read.settings,
        inputs={"waveform": {"branches": ["w{channel}"], "shape": [100]}},
    )
    assert read.settings["dense"]["units"] == [4]
    default = Training()
    for name in ("learning_rate", "batch_size", "optimiser"):
        assert read.settings["training"][name] == getattr(default, name)
    assert "seeds" not in read.settings


def test_cuts_of_a_card_are_those_of_the_classes_of_its_sample():
    changes = {
        "classes": {"rare": {"kinds": ["calibration"], "cut": "hits > 5"}},
        "samples": {"some": {"classes": ["background", "rare"]}},
    }
    about = About.model_validate(plan_of(changes).about("some", "small", 4))
    assert {run: list(classes) for run, classes in about.cuts.items()} == {
        1: ["rare"],
        2: ["background"],
    }


@pytest.mark.parametrize("model", ["small", "trees", "bins", "best"])
def test_what_rules_hand_over_is_plain(model):
    plan = plan_of(TWO_SAMPLES | {"columns": {"peak": PEAK}})
    for answer in (
        plan.model(model),
        plan.about("all", model, 4),
        plan.sample("one"),
        plan.binning(),
        plan.gathered_files("all", "waveform"),
        plan.input("waveform"),
        plan.steps(1),
    ):
        json.dumps(answer)
    settings = plan.settings.models[model]
    assert type(settings).model_validate(plan.model(model)) == settings


def test_models_that_see_what_can_be_drawn_can_be_in_a_gallery():
    plan = plan_of({"samples": {"all": {}, "null": {"null_test": True}}})
    found = plan.gallery_inputs("all")
    assert {model: list(inputs) for model, inputs in found.items()} == {
        "small": ["waveform"],
        "trees": ["waveform"],
    }
    assert plan.gallery_scores("all") == [
        plan.path(layout.SCORES, sample="all", model=model, seed=4) for model in found
    ]
    assert plan.drawn_arrays("all") == ["results/study/samples/all/waveform.npy"]
    assert plan.gallery_inputs("null") == {}


def test_the_oracle_is_not_in_a_gallery():
    assert "trees" not in plan_of({"oracle": "trees"}).gallery_inputs("all")


def test_purity_needs_the_truth():
    truth = {"input": "number", "processes": {"signal": [1], "background": []}}
    inputs = {"number": {"branches": ["n"], "shape": [1]}}
    plan = plan_of({"truth": truth, "inputs": inputs})
    assert plan.purity("all") == "results/study/reports/all/purity.csv"
    assert plan_of().purity("all") is None
