"""What runs again after a change, and what does not."""

import ast
import shutil
import subprocess
from pathlib import Path

import pytest

from helpers.checkout import ROOT

pytestmark = pytest.mark.workflow

ONLY_PAGE = {"build_page"}
PAGE = {"write_provenance", "summarise_resources"} | ONLY_PAGE
AFTER_REPORT = {"compare_models", "draw_sample"} | PAGE
REPORTS = {"report_model", "write_card"} | AFTER_REPORT
PURITY = {"summarise_purity"} | PAGE
RATES = {"report_rates"} | PAGE
GALLERY = {"draw_gallery"} | PAGE
CONTAMINATION = {"estimate_contamination"} | PAGE
SHIFTS = {"score_shifts", "compare_shifts"}
SCORES = {"score_model", "compare_pairs", "compare_null_tests"} | SHIFTS | REPORTS | RATES
SCORES |= CONTAMINATION | GALLERY
# The null test of the small demo is of a network.
BASELINES = {"fit_baseline"} | SCORES - {"write_card", "compare_null_tests"}
NETWORKS = {"train_network", "diagnose_network", "draw_training"} | SCORES
MODELS = BASELINES | NETWORKS
AFTER_SAMPLE = {"gather_input", "find_duplicates"} | PURITY | MODELS
SAMPLES = {"build_sample", "digest_column"} | AFTER_SAMPLE
AFTER_SELECTION = {"summarise_data", "summarise_spectra"} | SAMPLES
SELECTION = {"select_events"} | AFTER_SELECTION
EVERYTHING = {"simulate_run"} | SELECTION


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


def test_nothing_after_a_commit(edited):
    """Date and commit of the results start no job."""
    for command in (["init", "-q"], ["add", "Snakefile"], ["commit", "-q", "-m", "first"]):
        identity = ["-c", "user.name=a", "-c", "user.email=a@b"]
        subprocess.run(["git", *identity, *command], cwd=edited.folder, check=True)
    try:
        assert edited.would_run() == {}
    finally:
        shutil.rmtree(edited.folder / ".git")


def test_energy_bins_of_the_report(edited):
    def change(analysis):
        analysis["report"]["edges"] = {"start": 0, "stop": 10, "step": 1}

    edited.change_analysis("cosine", change)
    bins = {"diagnose_network", "summarise_spectra", "report_rates", "estimate_contamination"}
    assert set(edited.would_run()) == REPORTS | PURITY | GALLERY | bins


def test_a_cut(edited):
    def change(analysis):
        analysis["selection"]["precut"]["muon veto"] = "muon_time > 31"

    edited.change_analysis("cosine", change)
    jobs = edited.would_run()
    assert set(jobs) == SELECTION
    assert jobs["select_events"] == 3


def test_a_cut_of_one_kind_of_run(edited):
    def change(analysis):
        analysis["selection"]["by_kind"]["physics"] = {"alone": "hits == 1 && ls_energy < 20"}

    edited.change_analysis("cosine", change)
    assert edited.would_run()["select_events"] == 1


@pytest.mark.parametrize(
    ("keys", "value", "rules"),
    [
        (("title",), "another", {"build_page", "write_provenance"}),
        (("report", "score_bins"), 10, REPORTS),
        (("models", "energy_only", "edges", "step"), 1.0, {"fit_baseline"}),
        (("models", "dnn", "training", "learning_rate"), 0.002, {"train_network"}),
        (("demo", "models", "dnn", "training", "epochs"), 4, {"train_network"}),
        (("demo", "samples", "crystal3", "seed"), 2, {"build_sample"}),
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


def test_another_format_of_figures_draws_them_again(edited):
    drawn = {"summarise_data", "draw_training"} | GALLERY | CONTAMINATION | REPORTS
    found = edited.would_run("--config", "figure_formats=png,pdf")
    assert set(found) == drawn | {"compare_null_tests", "compare_shifts"}
    assert found["report_model"] == 7


# A module of each room, and of what is beside and above them: the rules that its edit starts, and
# the number of jobs of a rule where not all of them are concerned.
EDITS = [
    ("config/checks.py", set(), {}),
    ("config/friend_checks.py", set(), {}),
    ("config/inputs.py", AFTER_SAMPLE, {}),
    ("runs/trees.py", SELECTION, {}),
    ("runs/contents.py", SELECTION, {}),
    ("runs/friends.py", SELECTION, {}),
    ("runs/parquet.py", SELECTION, {}),
    ("runs/validation.py", SELECTION, {}),
    ("runs/reduction.py", AFTER_SAMPLE, {}),
    ("runs/computed.py", set(), {}),
    ("runs/pictures.py", ONLY_PAGE, {}),
    ("config/ranges.py", {"summarise_data", "write_card"} | RATES, {}),
    ("simulate/crystals/light.py", EVERYTHING, {"simulate_run": 3}),
    ("ingest/run.py", set(), {}),
    ("selection/selector.py", SELECTION, {}),
    ("selection/statistics.py", {"summarise_data"} | PAGE, {}),
    ("selection/displays.py", set(), {}),
    ("selection/spectra.py", {"summarise_spectra"} | RATES, {"summarise_spectra": 1}),
    ("samples/drawing.py", SAMPLES, {}),
    ("samples/gathering.py", AFTER_SAMPLE, {}),
    ("samples/digests.py", SAMPLES, {}),
    ("samples/previous.py", AFTER_SAMPLE, {}),
    ("samples/folds.py", set(), {}),
    ("checks/run.py", set(), {}),
    ("samples/duplicates.py", {"find_duplicates"} | PAGE, {}),
    ("baselines/baseline.py", BASELINES, {"fit_baseline": 4}),
    (
        "baselines/classifiers/likelihood_ratio.py",
        BASELINES - SHIFTS,  # it sees nothing that is shifted
        {"fit_baseline": 1, "score_model": 1},
    ),
    ("baselines/features/pulse_shape.py", BASELINES, {"fit_baseline": 1, "score_model": 1}),
    ("networks/architectures/network.py", NETWORKS, {"train_network": 3, "score_model": 3}),
    ("networks/architectures/residual.py", set(), {}),
    ("networks/augmentation.py", NETWORKS, {"train_network": 3, "score_model": 3}),
    ("networks/diagnosis.py", {"diagnose_network"} | REPORTS, {"report_model": 2}),
    ("networks/plain.py", set(), {}),
    ("networks/prediction.py", NETWORKS, {"score_model": 3}),
    ("evaluation/scores.py", SCORES | PURITY, {"score_model": 7}),
    ("evaluation/examples.py", GALLERY | {"compare_shifts"}, {"draw_gallery": 2}),
    ("evaluation/shown_event.py", set(), {}),
    ("evaluation/purity.py", PURITY, {"summarise_purity": 1}),
    ("evaluation/rates.py", RATES, {"report_rates": 4}),
    ("evaluation/contamination.py", CONTAMINATION, {"estimate_contamination": 1}),
    ("evaluation/folds.py", set(), {}),
    ("evaluation/overtraining.py", REPORTS | GALLERY | {"compare_shifts"}, {"report_model": 7}),
    ("evaluation/comparison.py", {"compare_models"} | PAGE, {}),
    (
        "evaluation/delong.py",
        {"compare_pairs", "compare_null_tests", "compare_shifts"} | GALLERY | REPORTS,
        {},
    ),
    ("evaluation/null_tests.py", {"compare_null_tests"} | PAGE, {}),
    ("evaluation/shifts.py", {"compare_shifts"} | PAGE, {}),
    ("evaluation/shifted_scores.py", SHIFTS | PAGE, {"score_shifts": 3}),
    ("samples/shifting.py", SHIFTS | PAGE, {"score_shifts": 3}),
    # No sample of this chain is cleaned or has a learning curve; nothing is searched or explained.
    ("samples/cleaning.py", set(), {}),
    ("samples/limiting.py", set(), {}),
    ("tuning/summary.py", set(), {}),
    ("networks/randomisation.py", set(), {}),
    ("reports/mistaken.py", set(), {}),
    # No run of this chain is scored.
    ("scoring/scoring.py", set(), {}),
    ("scoring/spectrum.py", set(), {}),
    ("reports/scored_runs.py", set(), {}),
    ("figures/training.py", {"draw_training"} | PAGE, {}),
    ("figures/event.py", set(), {}),
    ("figures/gallery.py", GALLERY, {"draw_gallery": 2}),
    ("reports/gallery.py", GALLERY, {"draw_gallery": 2}),
    ("reports/card.py", {"write_card"} | PAGE, {}),
    ("reports/tables/classes.py", REPORTS, {"report_model": 7}),
    ("reports/figures/roc.py", REPORTS, {"report_model": 7}),
    ("reports/page/rendering.py", ONLY_PAGE, {}),
    ("reports/provenance.py", {"write_card"} | PAGE, {"write_provenance": 2}),
    ("reports/resources.py", {"summarise_resources"} | ONLY_PAGE, {"summarise_resources": 2}),
    ("plan/plan.py", set(), {}),
    ("models.py", set(), {}),
    ("trained.py", set(), {}),
    ("layout.py", ONLY_PAGE, {}),  # the names of the files of figures
]


@pytest.mark.parametrize(("module", "rules", "jobs"), EDITS, ids=[edit[0] for edit in EDITS])
def test_an_edit_of_a_function_runs_the_rules_that_use_it(edited, module, rules, jobs):
    edit_a_function(edited.folder / "scripts/runsieve" / module)
    found = edited.would_run()
    assert set(found) == rules
    assert jobs == {rule: found[rule] for rule in jobs}


def test_every_room_has_an_edit():
    rooms = {path.parent.name for path in (ROOT / "scripts/runsieve").glob("*/__init__.py")}
    assert rooms == {module.split("/")[0] for module, *_ in EDITS if "/" in module}


# Every file of the package that is not Python.
FILES = {
    "reports/card.md.j2": {"write_card"} | PAGE,
    "reports/check.html.j2": set(),
    "reports/page/analysis.html.j2": ONLY_PAGE,
    "reports/page/index.html.j2": ONLY_PAGE,
    "reports/page/methods.html.j2": ONLY_PAGE,
    "reports/page/parts.html.j2": ONLY_PAGE,
    "reports/page/page.js": ONLY_PAGE,
    "reports/page/style.css": ONLY_PAGE,
}


@pytest.mark.parametrize(("name", "rules"), FILES.items())
def test_an_edit_of_another_file_runs_the_rules_that_use_it(edited, name, rules):
    path = edited.folder / "scripts/runsieve" / name
    path.write_text(f"{path.read_text()} ")
    assert set(edited.would_run()) == rules


def test_an_edit_of_a_caption_builds_the_page(edited):
    path = edited.folder / "report/roc.rst"
    path.write_text(f"{path.read_text()}More.\n")
    assert set(edited.would_run()) == ONLY_PAGE


def test_every_other_file_has_an_edit():
    package = ROOT / "scripts/runsieve"
    found = {
        path.relative_to(package).as_posix()
        for path in package.rglob("*.*")
        if path.suffix != ".py" and path.parent.name != "__pycache__"
    }
    assert found == set(FILES)


def test_edits_of_comments_and_docstrings_run_nothing(edited):
    for path in sorted((edited.folder / "scripts").rglob("*.py")):
        text = path.read_text().replace('"""', '"""Edited: ', 1)
        path.write_text(f"# a comment\n{text}\n# and another\n")
    assert edited.would_run() == {}
