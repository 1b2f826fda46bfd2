"""A search for hyper-parameters by two workers, killed in the middle, and what it found in use."""

import os
import signal
from contextlib import suppress
from pathlib import Path

import pandas as pd
import pytest
import yaml

from helpers.checkout import Checkout
from helpers.recovery import RESULTS, Running, scripts, small_checkout

pytestmark = pytest.mark.workflow

FOUND = f"{RESULTS}/searches/tuned"
SEARCH = {
    "model": "small",
    "sample": "detectors",
    "ranges": {
        "dense.units": {"layers": [1, 2], "low": 2, "high": 8},
        "training.learning_rate": {"low": 0.0005, "high": 0.01, "log": True},
        "training.epochs": [3],
    },
    "trials": 3,
    "workers": 2,
    "pruner": "none",
    "tolerance": 0.01,
}


def set_search(checkout: Checkout, **changes) -> None:
    searches = {"tuned": {**SEARCH, **changes}}
    checkout.change_analysis("foreign", lambda one: one.update(searches=searches))


def journals(checkout: Checkout) -> list[Path]:
    return sorted((checkout.folder / FOUND / "studies").glob("*.log"))


def complete(checkout: Checkout) -> int:
    """Trials that the journal of the only study has as complete."""
    return sum(one.read_text().count('"state":1,') for one in journals(checkout))


def test_a_search_that_is_killed_and_what_it_found(tmp_path):
    checkout = small_checkout(tmp_path / "checkout")
    set_search(checkout)
    assert "search_worker" not in checkout.would_run()

    running = Running(checkout, "--cores", "2", "tune", environment={"PATH": os.environ["PATH"]})
    running.until("a complete trial", lambda: complete(checkout) >= 1)
    workers = scripts(checkout, "search_worker")
    running.process.send_signal(signal.SIGKILL)
    running.process.wait()
    for pid in workers:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    kept = complete(checkout)
    assert not (checkout.folder / FOUND / "best.yaml").exists()
    assert checkout.snakemake("--unlock").returncode == 0

    assert set(checkout.run("tune")) >= {"search_worker", "summarise_search"}
    assert len(journals(checkout)) == 1
    history = pd.read_csv(checkout.folder / FOUND / "history.csv")
    states = history["state"].value_counts()
    assert states["complete"] == 3
    assert states.get("lost", 0) <= 2
    assert kept >= 1
    assert set(history.loc[history["state"] == "complete", "worker"]) <= {1, 2}
    for name in ("importances.csv", "search.svg"):
        assert (checkout.folder / FOUND / name).is_file()
    assert checkout.would_run("tune") == {}
    formats = ("--config", "figure_formats=pdf")
    assert checkout.run("tune", *formats) == {"summarise_search": 1}
    assert (checkout.folder / FOUND / "search.pdf").is_file()

    best = yaml.safe_load((checkout.folder / FOUND / "best.yaml").read_text())["models"]["tuned"]
    assert best["training"]["epochs"] == 3
    checkout.change_analysis("foreign", lambda one: one.update(models_from=[f"{FOUND}/best.yaml"]))
    trained = f"{RESULTS}/models/detectors/tuned/seed1/model.keras"
    assert checkout.run(trained) == {"train_network": 1}

    # More trials go on with the study; other ranges begin one.
    set_search(checkout, trials=4)
    assert checkout.run("tune")["search_worker"] == 2
    history = pd.read_csv(checkout.folder / FOUND / "history.csv")
    assert (history["state"] == "complete").sum() == 4
    set_search(checkout, trials=1, ranges={"dense.units": [[2]]})
    assert checkout.run("tune")["search_worker"] == 2
    assert len(journals(checkout)) == 2
    assert len(pd.read_csv(checkout.folder / FOUND / "history.csv")) == 1


def test_a_mistake_in_a_search_is_said_before_any_job(tmp_path):
    checkout = small_checkout(tmp_path / "checkout")
    set_search(checkout, ranges={"dense.unit": [[2]]})
    done = checkout.snakemake("tune")
    assert done.returncode == 1
    sentence = "searches.tuned.ranges: 'small' with dense.unit [2]: dense.unit: unknown key"
    assert sentence in done.stderr
    checkout.change_analysis("foreign", lambda one: one.pop("searches"))
    done = checkout.snakemake("tune")
    assert done.returncode == 1
    assert "searches: none is configured in foreign" in done.stderr
