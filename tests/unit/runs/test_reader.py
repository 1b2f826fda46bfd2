"""Reading raw runs: the right values in the right rows, and a sentence for each fault."""

import os
from pathlib import Path

import awkward as ak
import numpy as np
import pandas as pd
import pytest
import uproot
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.places import DATA
from runsieve.config.inputs import Input
from runsieve.errors import RunsieveError
from runsieve.files import written
from runsieve.runs.columns import read_columns
from runsieve.runs.event_numbers import with_unique_events
from runsieve.runs.trees import open_chain
from runsieve.samples.gathering import RunFiles, gather_input
from runsieve.selection.selector import Selector

ENTRIES, SAMPLES, CHUNK = 90, 12, 20
INPUT = Input(branches=["wf{channel}_left", "wf{channel}_right"], shape=[2, SAMPLES])


def branches(seed: int = 1) -> dict:
    rng = np.random.default_rng(seed)
    found = {
        "evt": (np.arange(ENTRIES) * 2 + 5).astype(np.uint64),
        "e": rng.uniform(0, 20, (ENTRIES, 2)).astype(np.float32),
        "hits": rng.integers(0, 3, ENTRIES).astype(np.int32),
    }
    for name in ("wf0_left", "wf0_right", "wf1_left", "wf1_right"):
        values = rng.integers(0, 4096, (ENTRIES, SAMPLES)).astype(np.uint16)
        found[name] = ak.unflatten(values.ravel(), np.full(ENTRIES, SAMPLES))
    return found


def write(path: Path, content: dict, tree: str = "ntp") -> str:
    """Write a tree with several baskets a branch."""
    with uproot.recreate(path) as file:
        parts = [
            {name: values[start : start + CHUNK] for name, values in content.items()}
            for start in range(0, ENTRIES, CHUNK)
        ]
        written_tree = file.mktree(tree, parts[0])
        for part in parts[1:]:
            written_tree.extend(part)
    return str(path)


@pytest.fixture(scope="module")
def files(tmp_path_factory) -> list[str]:
    """One run in two files."""
    folder = tmp_path_factory.mktemp("runs")
    return [write(folder / f"run{seed}.root", branches(seed)) for seed in (1, 2)]


def sample_of(entries: list[int], channels: list[int]) -> pd.DataFrame:
    numbers = np.concatenate([branches(1)["evt"], branches(2)["evt"]])
    listed = pd.DataFrame({"run": 7, "entry": entries, "channel": channels})
    listed["event"] = numbers[listed.entry]
    listed = listed.sort_values(["run", "entry", "channel"], ignore_index=True)
    return listed.assign(row=np.arange(len(listed)))


def gather(
    sample: pd.DataFrame,
    files: list[str],
    path: Path,
    settings: Input = INPUT,
    friends: list[str] | None = None,
) -> None:
    with written(path) as partial:
        both = {7: RunFiles(files, friends or files, "physics")}
        gather_input(sample, both, settings, "ntp", COLUMNS, partial, threads=2)


@settings(max_examples=20, deadline=None)
@given(st.sets(st.tuples(st.integers(0, 2 * ENTRIES - 1), st.integers(0, 1)), min_size=1))
def test_rows_hold_the_values_of_their_events(files, tmp_path_factory, drawn):
    path = tmp_path_factory.mktemp("gathered") / "waveform.npy"
    sample = sample_of(*map(list, zip(*drawn, strict=True)))
    gather(sample, files, path)
    gathered = np.load(path)
    assert gathered.dtype == np.uint16
    assert gathered.shape == (len(sample), 2, SAMPLES)
    runs = branches(1), branches(2)
    for event in sample.itertuples():
        content = runs[event.entry // ENTRIES]
        for side, name in enumerate(("left", "right")):
            expected = content[f"wf{event.channel}_{name}"][event.entry % ENTRIES]
            assert gathered[event.row, side].tolist() == expected.to_list()


COLUMNS = {"event": "evt", "energy": "e[{channel}] / 2", "hits": "hits"}


@settings(max_examples=10, deadline=None)
@given(st.integers(1, 200))
def test_selection_does_not_depend_on_chunks(files, chunk):
    steps = {"energy": "energy > 2", "hits": "hits == 1"}
    selector = Selector(7, {"signal": steps}, [0, 1], ["energy"])
    with open_chain(7, files, "ntp") as chain:
        lists = list(selector.select(read_columns(chain, COLUMNS, [0, 1], chunk)))
    events = pd.concat(lists, ignore_index=True)
    assert events.event.dtype == np.uint64
    energy = np.concatenate([branches(seed)["e"] for seed in (1, 2)]).astype(float) / 2
    hits = np.concatenate([branches(seed)["hits"] for seed in (1, 2)])
    for channel in (0, 1):
        passed = np.flatnonzero((energy[:, channel] > 2) & (hits == 1))
        mine = events[events.channel == channel]
        assert mine.entry.tolist() == passed.tolist()
        assert mine.energy.to_numpy() == pytest.approx(energy[passed, channel])
        flow = selector.cutflow()
        flow = flow[flow.channel == channel].set_index("step")
        assert flow.passed.to_list() == [180, (energy[:, channel] > 2).sum(), len(passed)]
        assert flow.passed_alone["hits"] == (hits == 1).sum()


def read_all(files: list[str], columns: dict[str, str] = COLUMNS, tree: str = "ntp") -> None:
    with open_chain(7, files, tree) as chain:
        list(read_columns(chain, columns, [0, 1]))


def fault(*words: str):
    return pytest.raises(RunsieveError, match=r"^run 7: [^\n]*" + r"[^\n]*".join(words))


def test_files_that_cannot_be_read(files, tmp_path):
    path = tmp_path / "broken.root"
    with fault(str(path), "does not exist"):
        read_all([str(path)])
    whole = Path(files[0]).read_bytes()
    for size in (0, 3, 100, len(whole) // 3, len(whole) // 2, len(whole) - 1):
        path.write_bytes(whole[:size])
        with fault(str(path), "cut short"):
            read_all([files[0], str(path)])
    path.write_bytes(os.urandom(5000))
    with fault(str(path), "cannot read"):
        read_all([str(path)])


def test_trees_and_branches_that_are_not_there(files):
    with fault("no tree 'event'", "holds ntp"):
        read_all(files, tree="event")
    with fault("no branch 'hit'", "nearest: hits"):
        read_all(files, {"event": "evt", "hits": "hit"})


def test_columns_that_are_no_numbers(files, tmp_path):
    with pytest.raises(RunsieveError, match="several values per entry"):
        read_all(files, {"event": "evt", "energy": "e"})
    with pytest.raises(RunsieveError, match=r"element \[5\] does not exist"):
        read_all(files, {"event": "evt", "energy": "e[5]"})
    for value, word in ((np.nan, "nan"), (np.inf, "inf")):
        content = branches()
        content["e"][33, 1] = value
        with fault(f"column 'energy' of channel 1 is {word} at entry 33"):
            read_all([write(tmp_path / f"{word}.root", content)])


def test_waveforms_of_another_length_or_type(files, tmp_path):
    path = tmp_path / "waveform.npy"
    sample = sample_of([3, 50, 70], [0, 0, 0])
    for shape in ([2, SAMPLES - 1], [2, SAMPLES + 1]):
        with fault("values at entry"):
            gather(sample, files, path, INPUT.model_copy(update={"shape": shape}))
    content = branches()
    content["wf0_right"] = ak.values_astype(content["wf0_right"], np.int32)
    with fault("must be of one type, found int32, uint16"):
        gather(sample, [write(tmp_path / "other.root", content)], path)
    assert not path.exists()


def test_trees_without_entries(tmp_path):
    path = tmp_path / "empty.root"
    with uproot.recreate(path) as file:
        file.mktree("ntp", {"evt": "uint64"})
    with fault("tree 'ntp' has no entries"):
        read_all([str(path)])


def test_two_trees_of_one_name(files, tmp_path):
    path = tmp_path / "cycles.root"
    first, second = branches(1), branches(2)
    with uproot.recreate(path) as file:
        file.mktree("ntp", first)
    with uproot.update(path) as file:
        file.mktree("ntp", {name: values[:9] for name, values in second.items()})
    with fault("several trees have the same name", "'ntp;1' of 90, 'ntp;2' of 9"):
        read_all([str(path)])
    read_all([str(path)], tree="ntp;2")
    with fault("no tree 'ntp;3'"):
        read_all([str(path)], tree="ntp;3")


def test_a_backup_of_a_tree_is_not_another_tree():
    """ROOT left the header of an earlier state in the file: its baskets are those of the tree."""
    path = str(DATA / "autosaved.root")
    with uproot.open(path) as file:
        assert file.keys() == ["evt;3", "evt;2"]
    with open_chain(7, [path], "evt") as chain:
        assert chain.starts.tolist() == [0, 20000]


def test_a_branch_of_another_type_in_the_next_file(files, tmp_path):
    content = branches()
    content["hits"] = content["hits"].astype(np.float32)
    other = write(tmp_path / "other.root", content)
    with fault("branch 'hits' is of the type int32 in", "but float32 in", "must agree"):
        read_all([files[0], other])
    content = branches()
    content["wf0_left"] = ak.values_astype(content["wf0_left"], np.int16)
    with fault("branch 'wf0_left' is of the type uint16 in", "but int16 in"):
        other = write(tmp_path / "another.root", content)
        gather(sample_of([3], [0]), [files[0], other], tmp_path / "waveform.npy")


def read_event_numbers(chain) -> None:
    chunks = read_columns(chain, {"event": "evt"}, [0], chunk=40)
    list(with_unique_events(chunks, chain, "evt"))


def test_events_that_stand_twice(files):
    words = "event 5 is found at entries 0 and 90 of the run, one of 90 pairs"
    with open_chain(7, files, "ntp") as chain, fault(words):
        read_event_numbers(chain)
    with open_chain(7, files[:1], "ntp") as chain:
        read_event_numbers(chain)


def test_events_in_any_order(tmp_path):
    content = branches()
    order = np.random.default_rng(2).permutation(ENTRIES)
    shuffled = {name: values[order] for name, values in content.items()}
    file = write(tmp_path / "shuffled.root", shuffled)
    with open_chain(7, [file], "ntp") as chain:
        read_event_numbers(chain)
    sample = sample_of([0, 41, 89], [0, 1, 0]).assign(event=shuffled["evt"][[0, 41, 89]])
    gather(sample, [file], tmp_path / "waveform.npy")
    found = np.load(tmp_path / "waveform.npy")
    assert found[1, 0].tolist() == shuffled["wf1_left"][41].to_list()
    shuffled["evt"][7] = shuffled["evt"][3]
    file = write(tmp_path / "twice.root", shuffled)
    with open_chain(7, [file], "ntp") as chain, fault("is found at entries 3 and 7"):
        read_event_numbers(chain)


@pytest.mark.parametrize("branch", ["evt", "hits", "wf1_right"])
def test_flipped_bytes_in_a_basket(tmp_path, branch):
    """What is compressed has a checksum."""
    path = tmp_path / "flipped.root"
    file = write(path, branches())
    with uproot.open(file) as opened:
        start = int(opened["ntp"][branch].member("fBasketSeek")[2])
        stop = start + opened["ntp"][branch].basket_compressed_bytes(2)
    content = bytearray(path.read_bytes())
    content[stop - 20] ^= 4
    path.write_bytes(content)
    with fault("cannot read", f"{branch}'?", "damaged"):
        read_all([file], {"event": "evt", "hits": "hits"})
        gather(sample_of([45], [1]), [file], tmp_path / "waveform.npy")
    assert not list(tmp_path.glob("*.npy*"))


def test_a_file_that_was_replaced(files, tmp_path):
    path = tmp_path / "waveform.npy"
    content = branches()
    content["evt"] = content["evt"] + np.uint64(1)
    other = write(tmp_path / "other.root", content)
    with fault("entry 3 holds event 12, but event 11 was selected", "changed since"):
        gather(sample_of([3, 50], [0, 1]), [other], path)
    with fault("entry 150 was selected", "ends at entry 89"):
        gather(sample_of([150], [0]), files[:1], path)
    assert not list(tmp_path.glob("*.npy"))
