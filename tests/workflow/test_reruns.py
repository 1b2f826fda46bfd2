"""What runs again after a change, and what does not."""

import ast
from pathlib import Path

import pytest

pytestmark = pytest.mark.workflow

AFTER_REPORT = {"compare_models", "overlay_roc", "build_page"}
REPORTS = {"report_baseline", "report_network", "write_card"} | AFTER_REPORT
BASELINES = {"fit_baseline", "score_baseline", "report_baseline", "compare_pairs"}
NETWORKS = {"train_network", "diagnose_network", "score_network", "report_network"}
NETWORKS |= {"write_card", "compare_pairs"}
SCORES = {"score_baseline", "score_network", "compare_pairs"} | REPORTS
AFTER_SAMPLE = {"fit_baseline", "train_network", "diagnose_network"} | SCORES
AFTER_SELECTION = {"build_sample", "gather_input", "summarise_data"} | AFTER_SAMPLE


def edit_a_function(path: Path) -> None:
    """Insert a statement into the body of the last function of a module."""
    lines = path.read_text().splitlines(keepends=True)
    functions = [n for n in ast.walk(ast.parse("".join(lines))) if isinstance(n, ast.FunctionDef)]
    last = max(functions, key=lambda node: node.lineno).body[-1]
    lines.insert(last.lineno - 1, " " * last.col_offset + "edited = True\n")
    path.write_text("".join(lines))


def test_nothing_after_a_run(finished):
    assert finished.would_run() == {}


def test_nothing_after_a_fresh_checkout_of_the_code(edited):
    for path in (edited.folder / "scripts").rglob("*.py"):
        path.touch()
    (edited.folder / "config/config.yaml").touch()
    assert edited.would_run() == {}


def test_energy_bins_of_the_report(edited):
    def change(analysis):
        analysis["report"]["edges"] = {"start": 0, "stop": 10, "step": 1}

    edited.change_analysis("cosine", change)
    assert set(edited.would_run()) == REPORTS | {"diagnose_network"}


def test_a_cut(edited):
    def change(analysis):
        analysis["selection"]["precut"]["muon veto"] = "muon_time > 31"

    edited.change_analysis("cosine", change)
    jobs = edited.would_run()
    assert set(jobs) == AFTER_SELECTION | {"select_events"}
    assert jobs["select_events"] == 3


def test_a_cut_of_one_kind_of_run(edited):
    def change(analysis):
        analysis["selection"]["by_kind"]["physics"] = {"alone": "hits == 1 && ls_energy < 20"}

    edited.change_analysis("cosine", change)
    assert edited.would_run()["select_events"] == 1


@pytest.mark.parametrize(
    ("keys", "value", "rules"),
    [
        (("title",), "another", {"build_page"}),
        (("report", "score_bins"), 10, REPORTS),
        (("models", "energy_only", "edges", "step"), 1.0, {"fit_baseline"}),
        (("models", "dnn", "training", "learning_rate"), 0.002, {"train_network"}),
        (("demo", "models", "dnn", "training", "epochs"), 4, {"train_network"}),
        (("samples", "crystal3", "seed"), 2, {"build_sample"}),
        (("simulate", "parameters", "electronics", "gain"), 31, {"simulate_run"}),
        (("inputs", "waveform", "shape"), [2, 4080], {"gather_input"}),
    ],
)
def test_which_rule_a_key_starts(edited, keys, value, rules):
    def change(analysis):
        for key in keys[:-1]:
            analysis = analysis.setdefault(key, {})
        analysis[keys[-1]] = value

    edited.change_analysis("cosine", change)
    jobs = set(edited.would_run())
    assert rules <= jobs
    order = ["simulate_run", "select_events", "build_sample", "gather_input"]
    before = order[: next((i for i, rule in enumerate(order) if rule in rules), len(order))]
    assert not jobs & set(before)
    if rules <= {"fit_baseline", "train_network"}:
        assert not jobs & ({"fit_baseline", "train_network"} - rules)


@pytest.mark.parametrize(
    ("module", "rules"),
    [
        ("simulate/crystals/light.py", AFTER_SELECTION | {"simulate_run", "select_events"}),
        ("selection.py", AFTER_SELECTION | {"select_events"}),
        ("samples.py", AFTER_SAMPLE | {"build_sample", "gather_input"}),
        ("gathering.py", AFTER_SAMPLE | {"gather_input"}),
        ("pulse_shape.py", BASELINES | AFTER_REPORT),
        ("networks.py", NETWORKS | AFTER_REPORT),
        ("efficiency.py", REPORTS),
        ("comparison.py", {"compare_models", "build_page"}),
        ("pages/page.py", {"build_page"}),
        ("config/checks.py", set()),
    ],
)
def test_an_edit_of_a_function_runs_the_rules_that_use_it(edited, module, rules):
    edit_a_function(edited.folder / "scripts/runsieve" / module)
    assert set(edited.would_run()) == rules


def test_an_edit_of_the_template_builds_the_page(edited):
    template = edited.folder / "scripts/runsieve/pages/index.html.j2"
    template.write_text(template.read_text() + "\n")
    assert set(edited.would_run()) == {"build_page"}


def test_edits_of_comments_and_docstrings_run_nothing(edited):
    for path in sorted((edited.folder / "scripts").rglob("*.py")):
        text = path.read_text().replace('"""', '"""Edited: ', 1)
        path.write_text(f"# a comment\n{text}\n# and another\n")
    assert edited.would_run() == {}
