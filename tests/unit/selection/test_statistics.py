"""Tables of what the selection left, and the script that writes them."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

import summarise_data
from helpers.places import DATA
from helpers.selected_runs import runs
from runsieve.errors import RunsieveError
from runsieve.selection.statistics import class_ratios, count_events, pooled_cutflow, read_cutflows

CLASSES = ["signal", "background"]


def test_printed_ratios():
    table = pd.read_csv(DATA / "cosine_data_statistics.csv").rename(columns={"crystal": "channel"})
    ratios = class_ratios(table, CLASSES)
    printed = [0.320, 0.806, 0.906, 0.390, 1.416, 1.279]
    assert ratios["ratio_percent"][:6].to_numpy() == pytest.approx(printed, abs=5e-4)
    total = ratios.iloc[-1]
    assert total[["channel", *CLASSES]].tolist() == ["all", 57741, 6836904]
    assert (ratios["ratio_low"] < ratios["ratio_percent"]).all()
    assert (ratios["ratio_percent"] < ratios["ratio_high"]).all()


def test_counts_of_all_runs_with_what_was_not_found(tmp_path):
    _, cutflows = runs(tmp_path)
    found = count_events(read_cutflows(cutflows)).set_index(["run", "class", "channel"])
    assert found["events"].to_dict() == {
        (1, "signal", 1): 3,
        (1, "signal", 2): 0,
        (2, "signal", 1): 2,
        (2, "signal", 2): 1,
        (3, "background", 1): 10,
        (3, "background", 2): 20,
    }


def test_a_channel_without_events_has_no_ratio():
    table = pd.DataFrame({"run": 1, "class": CLASSES, "channel": 4, "events": 0})
    ratios = class_ratios(table, CLASSES)
    assert len(ratios) == 1
    assert np.isnan(ratios["ratio_percent"].item())


def test_cut_flow_is_summed_in_order(tmp_path):
    _, cutflows = runs(tmp_path)
    pooled = pooled_cutflow(read_cutflows(cutflows), ["background", "signal"])
    assert pooled["class"].tolist() == ["background"] * 3 + ["signal"] * 2
    assert pooled["step"].tolist() == ["all", "energy", "coincidence", "all", "energy"]
    assert pooled["cut"].tolist()[:2] == ["", "energy > 0"]
    assert pooled["passed"].tolist() == [30, 30, 30, 6, 6]
    assert pooled["passed_alone"].tolist() == [90, 90, 90, 18, 18]
    assert pooled["passed_others"].tolist() == [30, 30, 30, 6, 6]


def test_efficiencies_of_a_step_leave_out_the_runs_without_it():
    counts = [
        (1, "all", 100, 100, 20),
        (1, "energy", 50, 50, 40),
        (1, "coincidence", 20, 30, 50),
        (2, "all", 10, 10, 8),
        (2, "energy", 8, 8, 10),
    ]
    names = ["run", "step", "passed", "passed_alone", "passed_others"]
    flow = pd.DataFrame(counts, columns=names).assign(
        **{"class": "signal", "channel": 1, "cut": ""}
    )
    pooled = pooled_cutflow(flow, CLASSES).set_index("step")
    assert pooled["passed_others"].to_dict() == {"all": 28, "energy": 50, "coincidence": 50}
    efficiency = {"energy": 100 * 58 / 110, "coincidence": 100 * 20 / 50}
    others = {"energy": 100 * 28 / 50, "coincidence": 100 * 20 / 50}
    assert pooled["efficiency"].dropna().to_dict() == pytest.approx(efficiency)
    assert pooled["efficiency_n_1"].dropna().to_dict() == pytest.approx(others)
    for name in ("efficiency", "efficiency_n_1"):
        part = pooled.drop(index="all")
        assert (part[f"{name}_low"] < part[name]).all()
        assert (part[f"{name}_high"] > part[name]).all()


def test_a_cut_flow_without_a_column_is_named(tmp_path):
    path = tmp_path / "run1.cutflow.csv"
    path.write_text("run,channel\n1,1\n")
    with pytest.raises(RunsieveError, match=r"run1\.cutflow\.csv: column 'class' is missing"):
        read_cutflows([path])


@pytest.mark.parametrize("names", [CLASSES, ["signal", "background", "muon"]])
def test_script_writes_tables_and_figures(tmp_path, names):
    _, cutflows = runs(tmp_path / "events")
    files = {
        name: tmp_path / f"{name}.csv" for name in ("statistics", "ratios", "cutflow", "pooled")
    }
    figures = {
        f"{name}_figure": [tmp_path / f"{name}.svg", tmp_path / f"{name}.png"]
        for name in ("statistics", "cutflow")
    }
    job = SimpleNamespace(
        log=[tmp_path / "log"],
        input=SimpleNamespace(cutflows=cutflows),
        output=SimpleNamespace(**files, **figures),
        params=SimpleNamespace(
            classes=names, titles={}, channel_name="crystal", simulated=False, skip=False
        ),
    )
    summarise_data.main(job)
    assert all(path.stat().st_size for paths in figures.values() for path in paths)
    assert pd.read_csv(files["ratios"])["total"].tolist() == [15, 21, 36]
    assert len(pd.read_csv(files["cutflow"])) == 14
    pooled = pd.read_csv(files["pooled"])
    assert pooled["efficiency"].isna().tolist() == (pooled["step"] == "all").tolist()
