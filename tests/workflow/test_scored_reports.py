"""The report of runs that were taken after the training, and its section of the page."""

import shutil
from pathlib import Path

import pandas as pd
import pytest

from helpers.browser import CHROMIUM, Browser
from helpers.checkout import ROOT, Checkout
from helpers.foreign_runs import DETECTORS, write_foreign_run
from helpers.page_tables import compare, read_tables
from helpers.recount.agreement import require_agreement
from helpers.recount.scored import read_scored, settings_of
from helpers.recount.scored_runs import Run, kept_events, spectrum, stability

pytestmark = pytest.mark.workflow
DAYS = {51: 2.0, 52: 3.5}
MASSES = dict(enumerate((8.5, 9.0, 9.25, 18.0)))
SCORES = Path("results/foreign/scores/detectors/small/seed1")
JOBS = {"score_run": 2, "report_scored_runs": 1}
DESCRIBING = {"write_provenance": 1, "summarise_resources": 1, "build_page": 1}


@pytest.fixture(scope="module")
def checkout(finished: Checkout, tmp_path_factory) -> Checkout:
    """A copy of the finished run with two later runs, which the analysis wants in its report."""
    copy = Checkout(tmp_path_factory.mktemp("scored") / "checkout")
    shutil.copytree(finished.folder, copy.folder)
    copy.audit.unlink(missing_ok=True)
    lines = ["run\tkind\tfiles\tlivetime"]
    for run, days in DAYS.items():
        line = write_foreign_run(copy.folder / "raw", run, "physics", 0.1 * (run - 50))
        lines.append(f"{line}\t{days}")
    (copy.folder / "config/runs/later.tsv").write_text("\n".join(lines) + "\n")
    scores = {"sheet": "config/runs/later.tsv", "runs": ["51-52"]}
    copy.change_analysis("foreign", lambda one: one.update(masses=MASSES, scores=scores))
    assert copy.run() == JOBS | DESCRIBING
    return copy


@pytest.fixture(scope="module")
def recounted(checkout):
    """The scored sample, and its later runs."""
    settings = settings_of(checkout.folder, "foreign")
    results = checkout.folder / "results/foreign"
    scored = read_scored(results / "tests/detectors/small/seed1/scores.parquet", settings)
    folder = checkout.folder / SCORES
    runs = {run: Run(folder / f"run{run}.parquet", "physics", days) for run, days in DAYS.items()}
    return scored["label"], runs, list(range(DETECTORS))


def as_text(table: pd.DataFrame) -> pd.DataFrame:
    return table.astype({"run": str, "channel": str})


def test_tables_follow_from_the_scores(checkout, recounted):
    folder = checkout.folder / SCORES
    written = as_text(pd.read_csv(folder / "spectrum.csv"))
    require_agreement(written, as_text(spectrum(*recounted, MASSES)))
    whole = written[(written["run"] == "all") & (written["channel"] == "all")]
    assert set(whole["livetime_days"]) == {5.5} and set(whole["mass_kg"]) == {sum(MASSES.values())}
    assert (whole["left_out"] == 0).all() and whole["rate_corrected"].notna().all()
    written = as_text(pd.read_csv(folder / "stability.csv"))
    rough = {"p_fraction": (0, 0.03), "p_rate": (0, 0.03)}
    require_agreement(written, as_text(stability(*recounted)), rough=rough)
    require_agreement(pd.read_csv(folder / "kept.csv"), kept_events(*recounted))


def test_the_page_has_a_section_whose_numbers_are_those_of_the_tables(checkout, finished):
    results = checkout.folder / "results"
    text = (results / "index.html").read_text(encoding="utf-8")
    assert text.count('id="foreign-scored"') == 1 and 'id="cosine-scored"' not in text
    tables = read_tables(results / "index.html")
    mine = [cell for cell in tables.cells if cell.file.endswith("stability.csv")]
    compared, wrong = compare(mine, results)
    assert wrong == [] and compared == 20
    links = [
        f"{SCORES.relative_to('results')}/run{run}{end}"
        for run in DAYS
        for end in (".root", ".parquet")
    ]
    links += [f"{SCORES.relative_to('results')}/{name}.csv" for name in ("kept", "spectrum")]
    for link in links:
        assert f'href="{link}"' in text and (results / link).is_file()
    before = (finished.folder / "results/index.html").read_text(encoding="utf-8")
    assert "Scored runs" not in before and "stability" not in before


def test_where_later_runs_are_from_is_told(checkout):
    text = (checkout.folder / "results/index.html").read_text(encoding="utf-8")
    assert "raw/daq51_0.root" in text
    resources = pd.read_csv(checkout.folder / "results/foreign/resources.csv", index_col="rule")
    assert resources.loc["score_run", "jobs"] >= len(DAYS)
    assert resources.loc["report_scored_runs", "jobs"] == 1


@pytest.mark.skipif(CHROMIUM is None, reason="no browser: on Debian, apt install chromium")
def test_nobody_is_left_out(checkout, tmp_path):
    axe = (ROOT / "tests/data/axe/axe.min.js").read_text(encoding="utf-8")
    browser = Browser(tmp_path / "profile")
    try:
        for width in (1400, 390):
            browser.show(width, 900)
            browser.open((checkout.folder / "results/index.html").as_uri())
            browser.run("document.querySelectorAll('details').forEach(one => { one.open = true; })")
            browser.run(axe + "; 0")
            assert browser.run("axe.run().then(found => found.violations.map(one => one.id))") == []
            assert browser.run("document.documentElement.scrollWidth") <= width
    finally:
        browser.close()


def test_nothing_runs_again_and_nothing_undeclared_is_read(checkout):
    assert checkout.would_run() == {}
    assert checkout.would_run("score_reports", "--config", "analyses=foreign") == {}
    undeclared = [line.split("\t")[0] for line in checkout.undeclared()]
    assert not {"report_scored_runs", "build_page"} & set(undeclared)


def test_an_edit_of_the_report_scores_nothing_again(checkout):
    path = checkout.folder / "scripts/runsieve/scoring/spectrum.py"
    text = path.read_text()
    path.write_text(f"{text}\nEDITED = True\n")
    try:
        found = checkout.would_run()
    finally:
        path.write_text(text)
    assert found == {"report_scored_runs": 1} | DESCRIBING
