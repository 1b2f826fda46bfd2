"""In a cross test the oracle is that of the sample it is tested on, and no network beats it."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml
from sklearn.metrics import roc_auc_score

from helpers.places import ANALYSES
from helpers.plans import plan_of
from runsieve.baselines import baseline
from runsieve.config.sample import Sample
from runsieve.evaluation.scores import load_scorer
from runsieve.models import catalogue
from runsieve.networks.training import train
from runsieve.plan.plan import Plan
from runsieve.samples.drawing import build_sample
from runsieve.samples.sample_files import FitSample
from runsieve.simulate.crystals.light import LightModel
from runsieve.simulate.crystals.oracle import log_energy_ratio, log_shape_ratio
from runsieve.simulate.crystals.parameters import Parameters
from runsieve.simulate.crystals.triggers import draw_energies, draw_processes

# Saving a network; Keras and NumPy disagree about a keyword.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning:keras")

CLASSES = ["signal", "background"]
HITS, LIGHT_YIELD = 9000, 15
TIMES = np.geomspace(10, 3000, 21)  # ns
MATCH = {"column": "energy", "edges": {"start": 0, "stop": 10, "step": 0.5}}
TRAINING = {"epochs": 3, "batch_size": 64, "learning_rate": 0.003, "precision": "float32"}
CHANGES = {
    "inputs": {"waveform": {"branches": ["w{channel}"], "shape": [2 * (len(TIMES) - 1)]}},
    "samples": {"all": {"cross_test": ["matched"]}, "matched": {"match": MATCH}},
    "models": {"small": {"dense": {"units": [32, 16]}, "training": TRAINING}},
}


@pytest.fixture(scope="module")
def plan(tmp_path_factory) -> Plan:
    roots = {"data": "data", "results": str(tmp_path_factory.mktemp("results"))}
    return plan_of(CHANGES, roots=roots)


@pytest.fixture(scope="module")
def simulated() -> tuple[pd.DataFrame, dict[str, np.ndarray]]:
    """Event list of simulated hits, and what models see: the shape of pulses, and the two ratios.

    The network sees the fraction of the photoelectrons in bins of their time, but not how many.
    """
    settings = yaml.safe_load((ANALYSES / "cosine.yaml").read_text())["simulate"]["parameters"]
    parameters = Parameters.model_validate(settings)
    model, rng = LightModel.of(parameters), np.random.default_rng(5)
    signal = np.arange(HITS) % 2 == 0
    energy = draw_energies(rng, signal, parameters)
    light = model.draw(rng, LIGHT_YIELD * energy, draw_processes(rng, energy, signal, parameters))
    shape = log_shape_ratio(energy, LIGHT_YIELD * energy, light, parameters, model)
    bins = len(TIMES) - 1
    place = np.clip(np.searchsorted(TIMES, light.time) - 1, 0, bins - 1) + bins * light.pmt
    counts = np.zeros((HITS, 2 * bins), np.float32)
    np.add.at(counts, (light.hit, place), 1)
    shapes = 2 * bins * counts / counts.sum(axis=1, keepdims=True)
    events = pd.DataFrame(
        {
            "run": 1,
            "entry": np.arange(HITS),
            "event": np.arange(HITS),
            "channel": 1,
            "class": np.where(signal, *CLASSES),
            "energy": energy,
        }
    )
    ratios = np.stack([shape, log_energy_ratio(energy, parameters.spectra)], axis=1)
    return events, {"waveform": shapes, "ratio": ratios}


def sample_of(plan: Plan, name: str, simulated) -> FitSample:
    events, arrays = simulated
    drawn, _ = build_sample(events, Sample.model_validate(plan.sample(name)), CLASSES, name)
    return FitSample(drawn.assign(row=drawn["entry"]), arrays, CLASSES, plan.matched(name))


def auc_of(scorer, sample: FitSample, *inputs: str) -> float:
    test = sample.split("test")
    arrays = {name: sample.arrays[name] for name in inputs}
    return roc_auc_score(test["label"] == 0, scorer.probabilities(test, arrays)[:, 0])


@pytest.fixture(scope="module")
def areas(plan, simulated) -> dict[str, float]:
    """AUC on the matched sample: of a network and of both fits of the oracle."""
    settings, seed = plan.settings.models, plan.settings.seeds[0]
    samples = {name: sample_of(plan, name, simulated) for name in ("all", "matched")}
    for name, sample in samples.items():
        path = Path(plan.model_file(name, "best", seed))
        path.parent.mkdir(parents=True)
        baseline.save(baseline.fit(settings["best"], sample, seed), path)
    seen = {"waveform": samples["all"].arrays["waveform"]}
    place = Path(plan.model_file("all", "small", seed))
    place.parent.mkdir(parents=True)
    to = FitSample(samples["all"].events, seen, CLASSES)
    train(settings["small"], to, seed).network.save(place)
    files = {
        "oracle": ("best", plan.cross_test_file("all", "best", "matched", seed)),
        "foreign": ("best", plan.model_file("all", "best", seed)),
        "network": ("small", plan.cross_test_file("all", "small", "matched", seed)),
    }
    found = {
        key: auc_of(
            load_scorer(plan.family(model).scorer, file, []),
            samples["matched"],
            *settings[model].inputs_seen(),
        )
        for key, (model, file) in files.items()
    }
    test = samples["matched"].split("test")
    shape = test["row"].map(dict(enumerate(samples["all"].arrays["ratio"][:, 0])))
    return found | {"shape alone": roc_auc_score(test["label"] == 0, shape)}


def test_no_network_beats_the_oracle_in_a_cross_test(areas):
    assert areas["oracle"] >= areas["network"] > 0.75


def test_the_oracle_knows_that_matched_energies_tell_nothing(areas):
    """With the energy spectra of the sample it was trained on, it is far from the best score."""
    assert areas["oracle"] == pytest.approx(areas["shape alone"], abs=1e-6)
    assert areas["foreign"] < areas["oracle"] - 0.05


def test_only_models_of_the_truth_are_bound_to_their_sample(plan):
    tested = {name: plan.cross_test_file("all", name, "matched", 4) for name in plan.models("all")}
    fitted_to = {name: file.split("/")[-4] for name, file in tested.items()}
    assert fitted_to == {"small": "all", "trees": "all", "bins": "all", "best": "matched"}
    bound = {settings.__name__ for settings in catalogue().models if settings.bound_to_sample}
    assert bound == {"LikelihoodRatio"}
