"""What follows from an analysis for each run: its files, and the columns and inputs to read."""

import json
from pathlib import Path

import numpy as np
import pytest

from helpers.another_process import forget_code
from helpers.plans import ANALYSIS, PEAK, RUNS, plan_of
from runsieve import layout
from runsieve.config.columns import ComputedColumn
from runsieve.errors import RunsieveError
from runsieve.reports.about import About
from runsieve.runs.friends import FriendFiles
from runsieve.runs.inputs import InputFiles

FRIEND = {
    "branches": ["image{channel}"],
    "shape": [4, 4],
    "files": "root://server//image{run}.root",
}
PICTURES = {"shape": [4, 4], "labels": ["cat", "dog"]}


def test_runs_are_those_that_a_class_takes_events_from():
    assert list(plan_of().runs) == [1, 2]
    assert list(plan_of({"classes": {"background": {"runs": [3]}}}).runs) == [1, 2, 3]
    assert list(plan_of({"classes": {"background": {"kinds": None, "runs": [3]}}}).runs) == [1, 3]
    assert plan_of().kind(2) == "physics"


def test_paths_start_with_the_roots():
    plan = plan_of(roots={"data": "/scratch/raw", "results": "out"})
    assert plan.files(1) == ["/scratch/raw/study/run1.root"]
    assert plan.path(layout.CUTFLOW) == "out/study/cutflow.csv"
    assert plan.path(layout.INPUT, sample="all") == "out/study/samples/all/{input}.npy"
    assert plan.of_batches(layout.EVENT_LIST) == [
        "out/study/events/run1.parquet",
        "out/study/events/run2.parquet",
    ]


def test_a_simulated_run_has_one_file_and_its_scaled_events():
    plan = plan_of()
    assert plan.files(2) == plan.watched_files(2) == ["data/study/run2.root"]
    assert plan.events(1) == 1000
    assert plan.events(2) == 50
    assert plan_of({"simulate": {"scale": {"physics": 1e-9}}}).events(2) == 1


def test_data_are_simulated_if_no_run_was_recorded(tmp_path):
    (tmp_path / "a.root").touch()
    recorded = {"run": 1, "kind": "calibration", "files": f"{tmp_path}/a.root"}
    others = [run for run in RUNS if run["run"] != 1]
    assert plan_of().simulated()
    assert not plan_of(runs=[recorded, *others]).simulated()


def test_globs_of_a_recorded_run_are_expanded_and_sorted(tmp_path):
    for name in ("b.root", "a.root", "c.root"):
        (tmp_path / name).touch()
    files = f"{tmp_path}/c.root root://server//d.root {tmp_path}/[ab].root"
    plan = plan_of(runs=[{"run": 1, "kind": "calibration", "files": files}])
    local = [str(tmp_path / name) for name in ("c.root", "a.root", "b.root")]
    assert plan.files(1) == [local[0], "root://server//d.root", *local[1:]]
    assert plan.watched_files(1) == local


def test_files_that_are_not_there_are_named():
    plan = plan_of(runs=[{"run": 1, "kind": "calibration", "files": "none/*.root"}])
    with pytest.raises(RunsieveError, match=r"run 1: no file 'none/\*\.root'"):
        plan.files(1)


def test_an_ingested_folder_is_watched_by_its_listing(tmp_path):
    (tmp_path / "pictures/cat").mkdir(parents=True)
    (tmp_path / "pictures/cat/a.png").write_bytes(b"1")
    runs = [{"run": 1, "kind": "calibration", "files": str(tmp_path / "pictures")}]
    plan = plan_of({"ingest": PICTURES}, runs)
    assert plan.files(1) == ["data/study/run1.root"]
    assert plan.ingested(1) == str(tmp_path / "pictures")
    assert plan.packed_pictures(1) == []
    before = plan.picture_listing(1)
    (tmp_path / "pictures/cat/b.png").write_bytes(b"1")
    assert plan.picture_listing(1) != before


def test_an_ingested_file_is_watched_itself(tmp_path):
    np.savez(tmp_path / "pictures.npz", x=np.zeros(1))
    file = str(tmp_path / "pictures.npz")
    plan = plan_of({"ingest": PICTURES}, [{"run": 1, "kind": "calibration", "files": file}])
    assert plan.files(1) == ["data/study/run1.root"]
    assert plan.packed_pictures(1) == [file]
    assert plan.picture_listing(1) == ""


def test_only_columns_that_are_needed_are_read():
    plan = plan_of()
    read = {"run": "runno", "event": "evtno", "energy": "e{channel} / 1000"}
    assert plan.columns(2) == read
    assert plan.columns(1) == read | {"hits": "nhit"}
    assert plan.all_columns(1) == ANALYSIS["columns"]
    assert plan.input_columns("numbers") == {"event": "evtno", "energy": "e{channel} / 1000"}
    assert plan.input_columns("waveform") == {"event": "evtno"}


def test_a_run_number_is_not_needed():
    assert "run" not in plan_of({"columns": {"run": None}}).columns(1)


@pytest.mark.parametrize(
    "changes",
    [
        {"selection": {"precut": {"own": "gain{channel} > 0.5"}}},
        {"selection": {"by_kind": {"physics": {"own": "gain{channel} > 0.5"}}}},
        {"classes": {"background": {"cut": "gain{channel} > 0.5"}}},
    ],
)
def test_a_cut_that_names_the_channel_needs_the_columns_of_all_channels(changes):
    plan = plan_of(changes)
    gains = {"gain1": "gain[0]", "gain2": "gain[1]"}
    assert plan.columns(2).items() >= gains.items()
    of_one = plan_of(changes | {"channels": [2]}).columns(2)
    assert of_one.keys() & gains.keys() == {"gain2"}


def test_what_a_hit_is_needs_its_columns():
    plan = plan_of({"selection": {"hit": "gain{channel} > 0"}})
    assert plan.columns(2).items() >= {"gain1": "gain[0]", "gain2": "gain[1]"}.items()
    assert plan.hit == "gain{channel} > 0" and plan_of().hit is None
    assert plan.cuts(2) == plan_of().cuts(2) | {plan.hit}


def test_a_cut_on_the_channel_alone_needs_no_column():
    plan = plan_of({"selection": {"precut": {"one": "{channel} == 1"}}})
    assert plan.columns(1) == plan_of().columns(1)


def test_steps_are_in_the_order_in_which_they_are_applied():
    plan = plan_of({"classes": {"rare": {"kinds": ["calibration"], "cut": "veto > 30"}}})
    common = {"energy": "energy > 0", "coincidence": "hits > 1"}
    assert plan.steps(1) == {"signal": common, "rare": {**common, "rare": "veto > 30"}}
    assert list(plan.steps(1)["rare"]) == ["energy", "coincidence", "rare"]
    assert plan.steps(2) == {"background": {"energy": "energy > 0"}}
    assert plan.titles() == {"signal": "Signal", "background": "background", "rare": "rare"}


def test_a_computed_column_is_a_branch_of_its_own_file():
    plan = plan_of({"columns": {"peak": PEAK}, "keep": ["energy", "peak"]})
    assert plan.columns(1)["peak"] == plan.all_columns(1)["peak"] == "peak_{channel}"
    assert plan.computed_file(1) == "results/study/columns/run1.root"
    assert plan.watched_files(1) == ["data/study/run1.root", "results/study/columns/run1.root"]
    assert plan.computed_settings() == {"peak": ComputedColumn(**PEAK).model_dump(mode="json")}
    assert plan.files(1) == plan.computed_sources(1) == ["data/study/run1.root"]


def test_a_cut_on_a_computed_column_reads_it():
    plan = plan_of(
        {"columns": {"peak": PEAK}, "selection": {"by_kind": {"physics": {"peak": "peak > 3"}}}}
    )
    assert plan.columns(2)["peak"] == "peak_{channel}"
    assert "peak" not in plan.columns(1)


def test_without_computed_columns_there_is_no_file_of_them():
    plan = plan_of()
    assert plan.computed == {}
    assert plan.computed_file(1) is None
    assert plan.computed_inputs(1) == {}


def test_inputs_that_computed_columns_are_made_of():
    columns = {
        "peak": PEAK,
        "spread": {"file": "mine.py", "inputs": ["image", "waveform"]},
    }
    plan = plan_of({"columns": columns, "inputs": {"image": FRIEND}})
    inputs = plan.computed_inputs(2)
    assert list(inputs) == ["waveform", "image"]
    json.dumps(inputs)
    image = InputFiles.of(inputs["image"])
    assert image.settings == plan.settings.inputs["image"]
    assert image.files == ["root://server//image2.root"]
    assert (image.tree, inputs["waveform"]["tree"]) == ("event", "event")
    assert plan.computed_sources(2) == ["data/study/run2.root"]


def test_code_behind_computed_columns(tmp_path):
    mine, beside = tmp_path / "mine.py", tmp_path / "beside.py"
    mine.write_text("from beside import half\n\n\ndef peak(waveform):\n    return half(waveform)\n")
    beside.write_text("def half(values):\n    return values / 2\n")
    plan = plan_of({"columns": {"peak": PEAK | {"file": str(mine)}}})
    code = plan.computed_code()
    assert plan.computed_code() == code
    beside.write_text("def half(values):\n    return values / 3\n")
    forget_code()
    assert plan.computed_code() != code


def test_a_friend_holds_the_input_of_each_run():
    plan = plan_of({"inputs": {"image": FRIEND}})
    assert plan.input_files(1, "image") == ["root://server//image1.root"]
    assert plan.input_files(1, "waveform") == ["data/study/run1.root"]


def test_displays_show_pictures_and_not_a_few_numbers():
    plan = plan_of({"inputs": {"image": FRIEND}})
    shown = plan.displayed_inputs(1)
    assert list(shown) == ["waveform", "image"]
    assert InputFiles.of(shown["waveform"]).files == ["data/study/run1.root"]
    assert plan.display_sources(1) == ["data/study/run1.root"]


def test_a_display_is_made_of_friends_and_computed_columns(tmp_path: Path):
    (tmp_path / "image1.root").touch()
    friend = FRIEND | {"files": f"{tmp_path}/image{{run}}.root", "tree": "images"}
    plan = plan_of({"columns": {"peak": PEAK}, "inputs": {"image": friend}})
    assert plan.displayed_inputs(1)["image"]["tree"] == "images"
    assert plan.display_sources(1) == [
        "data/study/run1.root",
        "results/study/columns/run1.root",
        str(tmp_path / "image1.root"),
    ]


def test_one_run_sheet_may_list_runs_of_every_origin(tmp_path):
    (tmp_path / "own.root").touch()
    (tmp_path / "pictures").mkdir()
    runs = [
        RUNS[0],
        {"run": 2, "kind": "physics", "files": str(tmp_path / "own.root")},
        {"run": 3, "kind": "physics", "files": f"{tmp_path}/pictures/"},
    ]
    plan = plan_of({"ingest": PICTURES}, runs)
    assert [plan.files(run) for run in plan.runs] == [
        ["data/study/run1.root"],
        [str(tmp_path / "own.root")],
        ["data/study/run3.root"],
    ]


def recorded(*files: str):
    """A plan of calibration runs 1, 2, … with these files."""
    return plan_of(
        runs=[
            {"run": number, "kind": "calibration", "files": names}
            for number, names in enumerate(files, start=1)
        ]
    )


def test_a_file_that_is_listed_twice(tmp_path):
    for name in ("a.root", "b.root", "c.root"):
        (tmp_path / name).touch()
    (tmp_path / "link.root").symlink_to("a.root")
    a, link, b, c = (f"{tmp_path}/{name}.root" for name in ("a", "link", "b", "c"))
    place = "config/runs/study.tsv: "
    both = "; its events would be in both, and in different splits"
    assert recorded(f"{a} {b}", c).repeated_files() == []
    assert recorded(a, f"{c} {link}").repeated_files() == [
        (2, f"{place}run 2 lists {link}, which run 1 lists, too (there as {a}){both}")
    ]
    assert recorded(f"{tmp_path}/[ab].root", b, f"{c} {c}").repeated_files() == [
        (2, f"{place}run 2 lists {b}, which run 1 lists, too{both}"),
        (3, f"{place}run 3 lists {c} twice"),
    ]
    server = "root://server//a.root"
    assert recorded(server, server).repeated_files() == [
        (2, f"{place}run 2 lists {server}, which run 1 lists, too{both}")
    ]


def test_files_of_runs_that_no_class_uses_may_be_listed_twice(tmp_path):
    (tmp_path / "a.root").touch()
    file = f"{tmp_path}/a.root"
    runs = [
        {"run": 1, "kind": "calibration", "files": file},
        {"run": 2, "kind": "x", "files": file},
    ]
    assert plan_of(runs=runs).repeated_files() == []


def test_missing_files_are_left_to_the_rules_that_read_them():
    assert recorded("none.root", "none.root").repeated_files() == []


def test_pictures_that_are_listed_twice(tmp_path):
    folder, packed = tmp_path / "pictures", tmp_path / "all.npz"
    folder.mkdir()
    packed.touch()
    arrays = {kind: {"images": f"x_{kind}", "labels": "y"} for kind in ("calibration", "physics")}
    kinds = {1: "calibration", 2: "physics"}

    def listed(source, arrays):
        runs = [{"run": run, "kind": kind, "files": str(source)} for run, kind in kinds.items()]
        return plan_of({"ingest": PICTURES | {"arrays": arrays}}, runs).repeated_files()

    assert listed(packed, arrays) == []
    arrays["physics"]["images"] = "x_calibration"
    assert "run 2 lists" in listed(packed, arrays)[0][1]
    assert "which run 1 lists, too" in listed(folder, arrays)[0][1]


def test_checksums_belong_to_the_files_in_their_order(tmp_path):
    for name in ("b.root", "a.root"):
        (tmp_path / name).touch()
    given = "adler32:00000001 adler32:00000002"
    run = {"run": 1, "kind": "calibration", "files": f"{tmp_path}/*.root", "checksums": given}
    other = {"run": 2, "kind": "physics", "files": "root://server//c.root"}
    plan = plan_of(runs=[run, other])
    assert plan.checksums(1) == ["adler32:00000001", "adler32:00000002"]
    assert plan.checksums(2) == []
    listed = About.model_validate(plan.about("all", "small", 4)).checksums
    assert listed == {
        1: {f"{tmp_path}/a.root": "adler32:00000001", f"{tmp_path}/b.root": "adler32:00000002"}
    }
    (tmp_path / "c.root").touch()
    with pytest.raises(RunsieveError, match=r"run 1: .* each of the 3 files, found 2"):
        plan_of(runs=[run, other]).checksums(1)


JOINED = {
    "friends": {
        "muon": {"files": "root://server//muon{run}.root", "tree": "mu", "event": "evt"},
        "hits": {"tree": "hits", "event": "number", "many": True},
        "extra": {"tree": "extra"},
        "idle": {"tree": "idle"},
    },
    "columns": {"time": "muon.t", "edep": "Sum$(hits.e{channel})", "other": "extra.q"},
    "keep": ["energy", "edep"],
    "selection": {"by_kind": {"physics": {"muon": "time > 3"}}},
    "inputs": {
        "pulse": {"branches": ["extra.w{channel}"], "shape": [8]},
        "three": {"columns": ["time", "energy"]},
        "small": {"branches": ["extra.v"], "shape": [16]},
    },
}


def test_friends_are_asked_for_where_they_are_needed():
    plan = plan_of(JOINED)
    found = plan.selection_friends(2)
    assert found == {
        "muon": {
            "settings": plan.settings.friends["muon"].model_dump(mode="json"),
            "files": ["root://server//muon2.root"],
            "tree": "mu",
            "event": "evtno",
        },
        "hits": {
            "settings": plan.settings.friends["hits"].model_dump(mode="json"),
            "files": ["data/study/run2.root"],
            "tree": "hits",
            "event": "evtno",
        },
    }
    for values in found.values():
        assert FriendFiles.of(values).tree == values["tree"]
    # The cut on `time` is of physics runs alone.
    assert list(plan.selection_friends(1)) == ["hits"]
    assert list(plan.input_friends(1, "pulse")) == ["extra"]
    assert list(plan.input_friends(1, "three")) == ["muon"]
    assert plan.input_friends(1, "waveform") == {}
    assert list(plan.display_friends(1)) == ["muon", "hits", "extra"]
    assert plan.computed_friends(1) == {}
    gathered = plan.gathered_files("all", "three")
    assert gathered[2]["friends"] == plan.input_friends(2, "three")


def test_friends_of_inputs_that_columns_are_computed_from():
    peak = PEAK | {"inputs": ["waveform", "small"]}
    plan = plan_of(JOINED | {"columns": JOINED["columns"] | {"peak": peak}})
    assert list(plan.computed_friends(1)) == ["extra"]


def test_files_of_friends_are_watched(tmp_path):
    for run in (1, 2):
        (tmp_path / f"muon{run}.root").touch()
    muon = {"files": f"{tmp_path}/muon{{run}}.root", "tree": "mu"}
    changes = JOINED | {"friends": JOINED["friends"] | {"muon": muon}}
    plan = plan_of(changes)
    own, other = "data/study/run2.root", str(tmp_path / "muon2.root")
    assert plan.watched_files(2) == [own, other]
    assert plan.watched_files(1) == ["data/study/run1.root"]
    assert plan.display_sources(2) == [own, other]
    sources = plan.gathered_sources("all", "three")
    assert {other, str(tmp_path / "muon1.root")} < set(sources)
    assert other not in plan.gathered_sources("all", "pulse")
    (tmp_path / "muon2.root").unlink()
    with pytest.raises(RunsieveError, match=r"run 2: no file '.*muon2.root'"):
        plan_of(changes).selection_friends(2)
