"""Time and memory of jobs, from their benchmark files."""

import json
from types import SimpleNamespace

import pandas as pd
import pytest

import summarise_resources
from runsieve.plan.provenance import described_jobs
from runsieve.reports.resources import measured_jobs, resources_table

KNOWN = {
    "analysis": ["study"],
    "run": ["1", "2"],
    "runs": ["1", "2"],
    "sample": ["all", "all/fold1"],
    "model": ["dnn"],
    "seed": ["1", "2"],
}

JOBS = described_jobs()


def benchmark(folder, place, seconds, memory=100.0, host="", **more):
    path = folder / f"{place}.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    line = {"s": seconds, "cpu_time": 2 * seconds, "max_rss": memory, **more}
    path.write_text(json.dumps({"s": 999}) + "\n" + json.dumps(line) + "\n")
    if host:
        path.with_suffix(".log").write_text(f"python 3, host {host}\nand, host other\n")


def table_in(folder, jobs=JOBS):
    return resources_table(measured_jobs(folder, folder, jobs, KNOWN))


@pytest.fixture
def folder(tmp_path):
    benchmark(tmp_path, "study/events/run1", 1.0)
    benchmark(tmp_path, "study/events/run2", 5.0, memory="NA")
    requested = {"threads": 4, "resources": {"mem_mb": 6000, "runtime": 720, "tmpdir": "/tmp"}}
    for seed, seconds in ((1, 10.0), (2, 30.0)):
        host = f"node{seed}.site"
        benchmark(tmp_path, f"study/models/all/dnn/seed{seed}", seconds, 900.0, host, **requested)
    benchmark(tmp_path, "study/models/all/fold1/dnn/seed1", 20.0, 901.0, "node2.site", **requested)
    benchmark(tmp_path, "study/models/all/dnn/seed1.diagnosis", 3.0)
    return tmp_path


def test_jobs_are_summed_up_by_rule(folder):
    table = table_in(folder).set_index("rule")
    assert table.index.tolist() == ["select_events", "train_network", "diagnose_network"]
    assert table["jobs"].tolist() == [2, 3, 1]
    trained = table.loc["train_network"]
    assert trained[["seconds_median", "seconds_max", "seconds_sum"]].tolist() == [20, 30, 60]
    assert trained["cpu_seconds_max"] == 60
    assert trained[["memory_mb_median", "memory_mb_max"]].tolist() == [900, 901]
    assert trained[["threads", "requested_mb", "requested_minutes"]].tolist() == [4, 6000, 720]


def test_what_was_not_measured_or_requested_is_blank(folder):
    row = table_in(folder).set_index("rule").loc["select_events"]
    assert row["memory_mb_max"] == 100
    assert row[["threads", "requested_mb", "requested_minutes"]].isna().all()


def test_jobs_of_another_configuration_or_analysis_do_not_count(folder):
    before = table_in(folder)
    for place in (
        "study/models/all/old/seed1",
        "study/models/all/dnn/seed3",
        "study/models/removed/dnn/seed1",
        "study/events/run3",
        "study/unknown",
        "study/reports/resources",
        "study2/events/run1",
    ):
        benchmark(folder, place, 500.0)
    pd.testing.assert_frame_equal(table_in(folder), before)


def test_only_the_jobs_of_given_rules_count(folder):
    jobs = {rule: one for rule, one in JOBS.items() if rule != "train_network"}
    table = table_in(folder, jobs)
    assert "train_network" not in set(table["rule"])


def test_without_benchmarks_the_table_is_empty(tmp_path):
    table = table_in(tmp_path)
    assert len(table) == 0 and "seconds_median" in table


def test_script_writes_the_tables(folder):
    job = SimpleNamespace(
        log=[folder / "log"],
        output=SimpleNamespace(resources=folder / "resources.csv", hosts=folder / "hosts.csv"),
        params=SimpleNamespace(benchmarks=str(folder), logs=str(folder), jobs=JOBS, known=KNOWN),
    )
    summarise_resources.main(job)
    assert pd.read_csv(folder / "resources.csv")["jobs"].tolist() == [2, 3, 1]
    hosts = pd.read_csv(folder / "hosts.csv", keep_default_na=False)
    found = hosts[["rule", "host", "jobs"]].to_dict("split")["data"]
    assert found == [
        ["select_events", "", 2],
        ["train_network", "node1.site", 1],
        ["train_network", "node2.site", 2],
        ["diagnose_network", "", 1],
    ]
