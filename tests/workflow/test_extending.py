"""What a user adds: the code of the manual's own page, and single files in the registries."""

import ast
import json

import pandas as pd
import pytest
import yaml

from helpers.checkout import Checkout, copy_checkout
from helpers.foreign_runs import DETECTORS, write_foreign_analysis
from helpers.manual import snippets
from runsieve.config.load import merge

pytestmark = pytest.mark.workflow

RESIDUAL = {
    "type": "residual",
    "towers": {
        "waveform": {
            "scaling": {"scale": 40},
            "view": [2, 128],
            "channels": "first",
            "stages": {"filters": [4, 8], "blocks": 1},
        }
    },
    "training": {"epochs": 1},
}
TABLE = '''"""Mean score of each class."""

import pandas as pd


def make(evaluated):
    """One row per class."""
    test = evaluated.test
    rows = [(name, test.score[test.true == i].mean()) for i, name in enumerate(test.classes)]
    return pd.DataFrame(rows, columns=["class", "mean_score"])
'''


def page_code() -> tuple[dict[str, str], dict]:
    """The files and the settings that the page "Extending runsieve" of the manual shows."""
    page = [one for one in snippets() if one.section.endswith("of your own")]
    files = {one.file: one.text for one in page if one.language == "python"}
    settings = {}
    for one in page:
        if one.language == "yaml":
            settings = merge(settings, yaml.safe_load(one.text))
    return files, settings


@pytest.fixture(scope="module")
def extended(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    checkout = copy_checkout(tmp_path_factory.mktemp("extended") / "checkout")
    write_foreign_analysis(checkout.folder)
    (checkout.folder / "config/config.yaml").write_text("analyses: [foreign]\nscale: full\n")
    files, settings = page_code()
    for name, text in files.items():
        (checkout.folder / name).write_text(text)
    path = checkout.folder / "config/analyses/foreign.yaml"
    analysis = merge(yaml.safe_load(path.read_text()), settings)
    analysis["models"] = {"residual": RESIDUAL, **analysis["models"]}
    path.write_text(yaml.safe_dump(analysis, sort_keys=False))
    (checkout.folder / "scripts/runsieve/reports/tables/mean_scores.py").write_text(TABLE)
    done = checkout.snakemake()
    assert done.returncode == 0, done.stdout + done.stderr
    return checkout


def test_the_page_shows_a_network_and_a_column():
    files, settings = page_code()
    assert set(files) == {"my_network.py", "my_features.py"}
    assert {one["type"] for one in settings["models"].values()} == {"keras", "gradient_boosting"}


def test_every_model_is_tested_and_on_the_page(extended):
    _, settings = page_code()
    results = extended.folder / "results/foreign"
    table = pd.read_csv(results / "reports/comparison.csv").set_index("model")
    assert {"residual", "small", "energy_only", *settings["models"]} == set(table.index)
    assert table.auc.between(0, 1).all()
    page = (extended.folder / "results/index.html").read_text()
    for model in table.index:
        assert f'id="foreign-detectors-{model}"' in page


def test_a_network_of_the_user_is_diagnosed_and_has_a_card(extended):
    folder = extended.folder / "results/foreign/models/detectors/my_network/seed1"
    diagnosis = json.loads((folder / "diagnosis.json").read_text())
    assert diagnosis["parameters"] > 0
    assert "not_better_than_binned" in {one["name"] for one in diagnosis["diagnoses"]}
    assert "my_network.py" in (folder / "card.md").read_text()


def test_a_computed_column_cuts_and_is_kept(extended):
    results = extended.folder / "results/foreign"
    events = pd.read_parquet(results / "events/run41.parquet")
    assert events.rise_time.between(0, 256).all()
    flow = pd.read_csv(results / "events/run41.cutflow.csv")
    flow = flow[flow.step == "rise time"]
    assert len(flow) == DETECTORS
    # Detectors that were not hit have no rise time and fail the cut.
    assert (flow.passed_alone < 1200).all()


def test_a_table_of_one_file_is_written_and_linked(extended):
    folder = extended.folder / "results/foreign/reports/detectors/small"
    table = pd.read_csv(folder / "mean_scores.csv")
    assert table["class"].tolist() == ["signal", "background"]
    page = (extended.folder / "results/index.html").read_text()
    assert 'href="foreign/reports/detectors/small/mean_scores.csv"' in page


def test_nothing_is_read_undeclared_or_to_be_done_afterwards(extended):
    assert extended.undeclared() == []
    assert extended.would_run() == {}


def test_the_files_of_the_user_have_fingerprints(extended):
    network, features = (extended.folder / name for name in ("my_network.py", "my_features.py"))
    texts = network.read_text(), features.read_text()
    network.write_text(f"{texts[0]}\n# a comment\n")
    features.write_text(f"# a comment\n{texts[1]}")
    assert extended.would_run() == {}
    network.write_text(edited(texts[0]))
    jobs = extended.would_run()
    assert jobs["train_network"] == jobs["diagnose_network"] == jobs["score_model"] == 1
    assert not {"compute_columns", "select_events", "gather_input", "fit_baseline"} & set(jobs)
    network.write_text(texts[0])
    features.write_text(edited(texts[1]))
    jobs = extended.would_run()
    assert jobs["compute_columns"] == jobs["select_events"] == 2
    features.write_text(texts[1])
    assert extended.would_run() == {}


def edited(text: str) -> str:
    """A module with a statement more in its last function."""
    last = [node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)][-1].body[-1]
    lines = text.splitlines(keepends=True)
    lines.insert(last.lineno - 1, "    edited = True\n")
    return "".join(lines)
