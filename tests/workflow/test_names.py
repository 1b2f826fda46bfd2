"""Names in any alphabet and with spaces, in the poorest locale."""

import pytest
import yaml

from helpers.checkout import copy_checkout
from helpers.foreign_runs import write_foreign_analysis

pytestmark = pytest.mark.workflow
RAW = "Rohdaten für µ"
ASCII = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    """A checkout, runs and a run sheet whose paths have spaces and letters beyond ASCII."""
    checkout = copy_checkout(tmp_path_factory.mktemp("names") / "grün und 青")
    write_foreign_analysis(checkout.folder)
    (checkout.folder / "config/config.yaml").write_text("analyses: [foreign]\nscale: full\n")
    (checkout.folder / "raw").rename(checkout.folder / RAW)
    sheet = checkout.folder / "config/runs/foreign.tsv"
    text = sheet.read_text().replace("raw/", f"{RAW.replace(' ', '?')}/")
    (checkout.folder / "config/runs/my Läufe.tsv").write_text(text, encoding="utf-8")
    sheet.unlink()
    path = checkout.folder / "config/analyses/foreign.yaml"
    settings = yaml.safe_load(path.read_text())
    settings |= {"runs": "config/runs/my Läufe.tsv", "title": "Größe 大"}
    path.write_text(yaml.safe_dump(settings, allow_unicode=True), encoding="utf-8")
    return checkout


def test_runs_are_checked_selected_and_drawn(checkout):
    for target in ("check", "results/foreign/samples/detectors/events.parquet"):
        done = checkout.snakemake(target, LANG="C")
        assert done.returncode == 0, done.stderr
    assert "Größe 大" in (checkout.folder / "results/check.html").read_text(encoding="utf-8")
    assert f"{RAW}/daq41_0.root" in (checkout.folder / "results/check.html").read_text("utf-8")


def test_a_name_that_the_locale_does_not_have_is_a_sentence(fresh):
    (fresh.folder / "raw").rename(fresh.folder / "für_µ")
    sheet = fresh.folder / "config/runs/foreign.tsv"
    sheet.write_text(sheet.read_text().replace("raw/", "für_µ/"), encoding="utf-8")
    done = fresh.snakemake("results/foreign/events/run41.parquet", **ASCII)
    assert done.returncode == 1
    output = done.stdout + done.stderr
    place = "config/runs/foreign.tsv: line 2: files: the locale of this terminal cannot name"
    assert f"{place} 'f\\xfcr_\\xb5/daq41_*.root'; start Snakemake with LC_ALL=C.UTF-8" in output
    assert "Traceback" not in output
    assert f"- {place}" in fresh.snakemake("check", **ASCII).stderr


def test_a_space_in_the_name_of_a_run_is_a_sentence(checkout):
    sheet = checkout.folder / "config/runs/my Läufe.tsv"
    text = sheet.read_text(encoding="utf-8")
    named = f"{RAW}/daq41_0.root"
    lines = [*text.splitlines()[:1], f"41\tcalibration\t{named}", *text.splitlines()[2:]]
    sheet.write_text("\n".join(lines) + "\n", encoding="utf-8")
    done = checkout.snakemake("check", LANG="C")
    sheet.write_text(text, encoding="utf-8")
    assert done.returncode == 1
    expected = f"spaces separate files, so write '{named.replace(' ', '?')}' for '{named}'"
    assert f"- run 41: no file 'Rohdaten'; {expected}" in done.stderr
