"""Files that would run code are refused in one sentence, and nothing in the package unpickles.

Networks, `.keras`, are in networks/test_plain.py.
"""

import ast
import os
import pickle

import numpy as np
import pandas as pd
import pytest
import skops.io

import runsieve
from helpers.places import ROOT
from runsieve.config.ingest import Arrays
from runsieve.config.load import load
from runsieve.errors import RunsieveError
from runsieve.ingest.packed import read_packed
from runsieve.models import catalogue
from runsieve.samples.sample_files import open_sample

SOURCES = sorted((ROOT / "scripts").rglob("*.py"))
# Calls named open that do not open a file as text.
BINARY = (
    "uproot.open",
    "Image.open",
    "one.open",
    "source.open",
    "target.open",
    "result.open",
)
PICKLING = {"pickle", "joblib", "dill", "cloudpickle", "marshal", "shelve"}


class Malicious:
    """Unpickled, it makes the folder `run`."""

    def __reduce__(self):
        return os.mkdir, ("run",)


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    yield tmp_path
    assert not (tmp_path / "run").exists()


def refused(function, *arguments):
    with pytest.raises(RunsieveError) as error:
        function(*arguments)
    assert "\n" not in str(error.value)
    return str(error.value)


@pytest.mark.parametrize("malicious", [os.system, Malicious()])
def test_a_baseline_of_other_types(folder, malicious):
    skops.io.dump({"settings": {"type": "binned"}, "estimator": malicious}, "model.skops")
    assert refused(runsieve.load, "model.skops").startswith(
        "model.skops: only types of scikit-learn and numpy are loaded, found "
    )


def test_a_baseline_that_is_none(folder):
    skops.io.dump([1, 2], "list.skops")
    assert refused(runsieve.load, "list.skops").endswith(
        "settings, estimator and pulses of a baseline expected"
    )
    (folder / "pickle.skops").write_bytes(pickle.dumps(Malicious()))
    assert refused(runsieve.load, "pickle.skops") == "pickle.skops: not a .skops file"
    assert refused(runsieve.load, "none.skops") == "none.skops: the file does not exist"


def test_an_array_of_objects(folder):
    objects = np.array([Malicious(), None], dtype=object)
    np.savez("pictures.npz", images=objects, labels=np.zeros(2, int))
    arrays = Arrays(images="images", labels="labels")
    assert refused(read_packed, folder / "pictures.npz", arrays).startswith(
        f"{folder}/pictures.npz: not a readable .npz file: Object arrays cannot be loaded"
    )
    np.save("waveform.npy", objects)
    pd.DataFrame({"row": [0, 1]}).to_parquet("events.parquet")
    assert refused(open_sample, "events.parquet", ["waveform.npy"]).startswith(
        "waveform.npy: not an array of numbers: "
    )
    (folder / "text.npy").write_bytes(pickle.dumps(Malicious()))
    assert refused(open_sample, "events.parquet", ["text.npy"]).startswith("text.npy: not an array")


@pytest.mark.parametrize("tag", ["object/apply:os.mkdir", "name:os.mkdir", "module:os"])
def test_a_configuration_with_code(folder, tag):
    (folder / "config/analyses").mkdir(parents=True)
    path = "config/analyses/evil.yaml"
    (folder / path).write_text(f"title: !!python/{tag} [run]\n", encoding="utf-8")
    text = refused(load, {"analyses": ["evil"]}, catalogue())
    assert text.startswith(f"{path}: not valid YAML: could not determine a constructor")


def calls(path):
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            options = {one.arg: one.value for one in node.keywords}
            yield ast.unparse(node.func), node, options


def test_no_module_unpickles():
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_bytes())):
            if isinstance(node, ast.Import | ast.ImportFrom):
                names = {alias.name.split(".")[0] for alias in node.names}
                assert not PICKLING & {*names, (getattr(node, "module", "") or "").split(".")[0]}
        for name, _, options in calls(path):
            if name in ("np.load", "numpy.load"):
                assert options["allow_pickle"].value is False, path
            if name.endswith("load_model"):
                assert options["safe_mode"].value is True, path


def test_text_is_read_and_written_as_utf8():
    found = 0
    for path in SOURCES:
        for name, node, options in calls(path):
            last = name.split(".")[-1]
            modes = [one.value for one in node.args if isinstance(one, ast.Constant)]
            text = last in ("read_text", "write_text") or (
                last == "open" and name not in BINARY and not any("b" in mode for mode in modes)
            )
            if text:
                found += 1
                assert options["encoding"].value.startswith("utf-8"), (path, node.lineno)
    assert found > 10
