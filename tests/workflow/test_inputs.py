"""Every file that a job reads is one of its declared inputs.

The checkouts of these tests run with an audit hook in every job (helpers/audit), which lists what
is opened below results/ and data/ without being declared.
"""

import pytest

pytestmark = pytest.mark.workflow


def test_jobs_open_nothing_that_they_do_not_declare(finished):
    assert finished.undeclared() == []


def test_an_undeclared_file_is_seen(fresh):
    script = fresh.folder / "scripts/build_sample.py"
    stolen = "results/foreign/events/run41.cutflow.csv"
    text = script.read_text()
    start = "    with job_log(job.log[0]):\n"
    assert start in text
    script.write_text(text.replace(start, f"{start}        open('{stolen}').close()\n"))
    done = fresh.snakemake("results/foreign/samples/detectors/events.parquet")
    assert done.returncode == 0, done.stderr
    assert fresh.undeclared() == [f"build_sample\t{stolen}"]
