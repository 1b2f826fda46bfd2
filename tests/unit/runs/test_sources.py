"""What each kind of run file is read as, and a sentence for each fault."""

import struct
from pathlib import Path

import awkward as ak
import h5py
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import uproot
from uproot.writing._cascadentuple import NTuple, NTuple_PageDescription
from xxhash import xxh3_64_digest

from helpers.run_formats import FORMATS, write_run
from runsieve.errors import RunsieveError
from runsieve.runs.arrays import read_values
from runsieve.runs.columns import read_columns
from runsieve.runs.contents import contents_of
from runsieve.runs.description import describe_file
from runsieve.runs.protection import unprotected
from runsieve.runs.trees import open_chain

ENTRIES, BLOCK = 200, 60
OTHERS = [kind for kind in FORMATS if kind != "TTree"]


def small(seed: int = 1) -> dict:
    rng = np.random.default_rng(seed)
    counts = rng.integers(0, 5, ENTRIES)
    return {
        "evt": np.arange(ENTRIES, dtype=np.uint64) * 3,
        "energy": rng.normal(0, 1, ENTRIES).astype(np.float32),
        "pairs": rng.integers(-9, 9, (ENTRIES, 2)).astype(np.int16),
        "pulse": ak.unflatten(rng.integers(0, 900, counts.sum()).astype(np.uint16), counts),
    }


@pytest.fixture
def chain_of(tmp_path):
    """Opens a chain of a run that is written in a format."""

    def of(kind: str, branches: dict | None = None, tree: str = "ntp", wanted: str = "ntp"):
        file = write_run(tmp_path, "run", kind, branches or small(), tree, BLOCK)
        return open_chain(7, [file], wanted)

    return of


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("chunk", [1, 7, 60, 61, 1000])
def test_columns_are_read_in_any_chunks(kind, chunk, chain_of):
    content = small()
    columns = {"event": "evt", "energy": "energy", "second": "pairs[1]", "sum": "sum(pulse)"}
    with chain_of(kind) as chain:
        chunks = list(read_columns(chain, columns, [0], chunk))
    assert [one.start for one in chunks] == list(range(0, ENTRIES, chunk))
    for name, expected in {
        "event": content["evt"],
        "energy": content["energy"],
        "second": content["pairs"][:, 1],
        "sum": ak.to_numpy(ak.sum(content["pulse"], axis=1)),
    }.items():
        found = np.concatenate([one.columns[0][name] for one in chunks])
        assert np.array_equal(found, expected), name


@pytest.mark.parametrize("kind", FORMATS)
def test_values_at_entries(kind, chain_of):
    entries, content = np.array([0, 59, 60, 61, 119, 120, 199]), small()
    with chain_of(kind) as chain:
        for name, values in content.items():
            found = read_values(chain, name, entries)
            assert ak.to_list(found) == ak.to_list(values[entries]), name
        assert (
            ak.to_list(read_values(chain, "pairs[1]", entries))
            == content["pairs"][entries, 1].tolist()
        )


WORDS = {
    "TTree": ("tree 'ntp'", "branch"),
    "RNTuple": ("RNTuple 'ntp'", "field"),
    "HDF5": ("group '/ntp'", "dataset"),
    "parquet": ("table of the file", "column"),
}


@pytest.mark.parametrize("kind", FORMATS)
def test_a_missing_column_is_said_with_the_nearest(kind, chain_of):
    title, part = WORDS[kind]
    words = f"{title} has no {part} 'enrgy' \\(nearest: energy"
    with chain_of(kind) as chain, pytest.raises(RunsieveError, match=words):
        list(read_columns(chain, {"event": "evt", "energy": "enrgy"}, [0]))


@pytest.mark.parametrize("kind", FORMATS)
def test_text_is_refused(kind, tmp_path):
    file = str(tmp_path / f"run{FORMATS[kind][0]}")
    words = ["a", "bc"] * 5
    if kind == "HDF5":
        with h5py.File(file, "w") as opened:
            opened["evt"], opened["name"] = np.arange(10), words
    elif kind == "parquet":
        pq.write_table(pa.table({"evt": np.arange(10), "name": words}), file)
    else:
        with uproot.recreate(file) as opened:
            make = opened.mktree if kind == "TTree" else opened.mkrntuple
            make("ntp", {"evt": np.arange(10), "name": ak.Array(words)})
    with open_chain(7, [file], "ntp") as chain, pytest.raises(RunsieveError) as error:
        chain.number_types(["name"])
    assert str(error.value).startswith(f"run 7: {file}: {WORDS[kind][1]} 'name' is of the type ")


@pytest.mark.parametrize("kind", FORMATS)
def test_a_file_that_is_cut_short(kind, tmp_path):
    file = Path(write_run(tmp_path, "run", kind, small(), "ntp", BLOCK))
    content = file.read_bytes()
    for size in (0, 3, len(content) // 2, len(content) - 1):
        file.write_bytes(content[:size])
        said = pytest.raises(RunsieveError, match=f"run 7: {file}: .*cut short")
        with said, open_chain(7, [str(file)], "ntp") as chain:
            list(read_columns(chain, {"event": "evt"}, [0]))


@pytest.mark.parametrize("kind", FORMATS)
def test_a_file_that_does_not_exist(kind, tmp_path):
    file = str(tmp_path / f"none{FORMATS[kind][0]}")
    words = f"run 7: {file} does not exist"
    with pytest.raises(RunsieveError, match=words), open_chain(7, [file], "ntp"):
        pass


@pytest.mark.parametrize("kind", OTHERS)
def test_the_files_of_a_run_must_agree(kind, tmp_path):
    files = [
        write_run(tmp_path, name, one, branches, "ntp", BLOCK)
        for name, one, branches in (
            ("a", "TTree", small()),
            ("b", kind, small(2) | {"energy": small()["energy"].astype(float)}),
        )
    ]
    with open_chain(7, files, "ntp") as chain:
        assert chain.number_types(["pairs", "pulse"]) == {"pairs": np.int16, "pulse": np.uint16}
        words = r"'energy' is of the type float32 in .*float64 in"
        with pytest.raises(RunsieveError, match=words):
            chain.number_types(["energy"])


@pytest.mark.parametrize("kind", OTHERS)
def test_no_entries(kind, tmp_path):
    none = {"evt": np.arange(0, dtype=np.uint64)}
    ending, _ = FORMATS[kind]
    file = str(tmp_path / f"run{ending}")
    if kind == "HDF5":
        with h5py.File(file, "w") as opened:
            opened["evt"] = none["evt"]
    elif kind == "parquet":
        pq.write_table(pa.table(none), file)
    else:
        with uproot.recreate(file) as opened:
            opened.mkrntuple("ntp", none)
    with pytest.raises(RunsieveError, match="has no entries"), open_chain(7, [file], "ntp"):
        pass


def test_hdf5_without_groups_and_with_groups_in_the_group(tmp_path):
    file = str(tmp_path / "run.hdf5")
    with h5py.File(file, "w") as opened:
        opened["evt"] = np.arange(9)
        opened["left/wf"] = np.arange(18).reshape(9, 2)
        opened["version"] = 3
        opened["edges"] = np.arange(4)
        opened["elsewhere"] = h5py.ExternalLink("other.h5", "evt")
    with open_chain(7, [file], "ntp") as chain:
        assert chain.sources[0].names == {"evt", "left/wf", "edges"}
        assert chain.starts.tolist() == [0, 9]
        assert read_values(chain, "left/wf", np.array([4])).tolist() == [[8, 9]]
        with pytest.raises(RunsieveError, match="dataset 'edges' has 4 entries, its group 9"):
            chain.number_types(["edges"])


@pytest.mark.parametrize("chunks", [(30,), None])
def test_entries_that_were_never_written_to_hdf5(tmp_path, chunks):
    file = str(tmp_path / "run.h5")
    with h5py.File(file, "w") as opened:
        opened["evt"] = np.arange(90)
        energy = opened.create_dataset("energy", (90,), "f4", chunks=chunks)
        if chunks:
            energy[:60] = 1
    said = "2 of 3 chunks are in the file" if chunks else "0 of 360 bytes are in it"
    words = f"cannot read the chunks of dataset 'energy'; the file is damaged.*{said}"
    with open_chain(7, [file], "ntp") as chain, pytest.raises(RunsieveError, match=words):
        list(read_columns(chain, {"event": "evt", "energy": "energy"}, [0]))


def test_datasets_that_an_analysis_does_not_name_do_no_harm(tmp_path):
    """A table of constants, and one that was never written, are the largest of the file."""
    file = str(tmp_path / "run.h5")
    with h5py.File(file, "w") as opened:
        opened["evt"], opened["energy"] = np.arange(90), np.linspace(0, 1, 90)
        opened["constants"] = np.zeros((4, 500))
        opened.create_dataset("reserved", (90, 500), "f8", chunks=(30, 500))
    with open_chain(7, [file], "ntp") as chain:
        (found,) = contents_of(chain, {"event": "evt"})
    assert found.content is not None and found.entries == 90


def test_hdf5_without_datasets(tmp_path):
    file = str(tmp_path / "run.h5")
    with h5py.File(file, "w") as opened:
        opened.create_group("other")
    words = f"{file}: no group 'ntp' with datasets; the file holds other$"
    with pytest.raises(RunsieveError, match=words), open_chain(7, [file], "ntp"):
        pass


@pytest.mark.parametrize(
    ("values", "entry"),
    [([1, 2, None], 2), ([[1], [], [2, None], [3]], 2), ([[1, 2], None], 1)],
)
def test_null_in_parquet(tmp_path, values, entry):
    file = str(tmp_path / "run.parquet")
    pq.write_table(pa.table({"x": values}), file)
    words = f"run 7: {file}: column 'x' is null at entry {entry}; numbers are needed"
    with open_chain(7, [file], "ntp") as chain, pytest.raises(RunsieveError, match=words):
        read_values(chain, "x", np.arange(len(values)))


def test_nested_lists_and_empty_row_groups_in_parquet(tmp_path):
    file = str(tmp_path / "run.parquet")
    values = [[[1, 2], []], [], [[3]]]
    table = pa.table({"x": values, "evt": [1, 2, 3]})
    with pq.ParquetWriter(file, table.schema) as writer:
        for part in (table[:0], table[:2], table[:0], table[2:]):
            writer.write_table(part)
    with open_chain(7, [file], "ntp") as chain:
        assert read_values(chain, "evt", np.array([0, 2])).tolist() == [1, 3]
        assert ak.to_list(read_values(chain, "x", np.arange(3))) == [[1, 2], [], [3]]
        assert chain.number_types(["x"]) == {"x": np.int64}


def test_an_address(tmp_path):
    for kind in ("HDF5", "parquet"):
        file = write_run(tmp_path, "run", kind, small(), "ntp", BLOCK)
        with open_chain(7, [f"file://{file}"], "ntp") as chain:
            assert read_values(chain, "evt", np.array([150])).tolist() == [450]


@pytest.mark.parametrize("kind", FORMATS)
def test_description(kind, tmp_path):
    file = write_run(tmp_path, "run", kind, small(), "ntp", BLOCK)
    (tree,) = describe_file(file)
    assert tree.entries == ENTRIES
    # Described from the root group on; the others have no group.
    found = {branch.name.removeprefix("ntp/"): branch for branch in tree.branches}
    counts = {"evt": "1", "energy": "1", "pairs": "2", "pulse": "0 to 4"}
    assert counts.items() <= {name: one.values for name, one in found.items()}.items()
    assert all(found[name].baskets == 4 and found[name].problem is None for name in counts)
    assert all(found[name].megabytes > 0 for name in counts)


@pytest.fixture
def page_checksums(monkeypatch):
    """uproot writes RNTuples as ROOT does: each page is followed by its checksum."""
    add, pack = NTuple.add_rblob, NTuple_PageDescription.serialize

    def with_checksum(self, sink, data, *rest, **options):
        data = bytes(data)
        return add(self, sink, data + xxh3_64_digest(data)[::-1], *rest, **options)

    def negative(self):
        (count,) = struct.unpack("<i", pack(self)[:4])
        return struct.pack("<i", -count) + pack(self)[4:]

    monkeypatch.setattr(NTuple, "add_rblob", with_checksum)
    monkeypatch.setattr(NTuple_PageDescription, "serialize", negative)


def test_which_columns_have_no_checksum(tmp_path, request):
    names = ["energy", "evt"]
    file = write_run(tmp_path, "bare", "RNTuple", small(), "ntp", BLOCK)
    with open_chain(7, [file], "ntp") as chain:
        (said,) = unprotected(chain, names)
    # The event numbers are compressed by ZLIB, which has a checksum of its own.
    assert "field 'energy' has clusters without a checksum (4 uncompressed of 4)" in said
    request.getfixturevalue("page_checksums")
    for kind in ("RNTuple", "HDF5"):
        file = write_run(tmp_path, "run", kind, small(), "ntp", BLOCK)
        with open_chain(7, [file], "ntp") as chain:
            assert unprotected(chain, names) == []
    file = str(tmp_path / "run.h5")
    with h5py.File(file, "w", libver="latest") as opened:
        opened.create_dataset("evt", data=np.arange(90), chunks=(30,))
        opened.create_dataset("energy", data=np.arange(90), chunks=(30,), fletcher32=True)
    with open_chain(7, [file], "ntp") as chain:
        (said,) = unprotected(chain, names)
    assert "dataset 'evt' has chunks without a checksum (3 uncompressed of 3); damage" in said
    with h5py.File(file, "w", libver="earliest") as opened:
        opened.create_dataset("evt", data=np.arange(90), fletcher32=True)
    with open_chain(7, [file], "ntp") as chain:
        (said,) = unprotected(chain, ["evt"])
    assert "in a file of the older kind" in said
    file = str(tmp_path / "run.parquet")
    pq.write_table(pa.table(small() | {"pairs": np.arange(200), "pulse": np.arange(200)}), file)
    with open_chain(7, [file], "ntp") as chain:
        said = unprotected(chain, names)
    assert ["(1 SNAPPY of 1)" in one for one in said] == [True, True]


@pytest.mark.parametrize("kind", ["RNTuple", "HDF5"])
def test_no_damage_changes_a_value(kind, tmp_path, page_checksums):
    """Flip each byte in turn of a column with a checksum: a sentence, or the value as it was."""
    content = small()
    file = Path(write_run(tmp_path, "run", kind, {"energy": content["energy"]}, "ntp", BLOCK))
    whole, refused = bytearray(file.read_bytes()), 0
    for place in range(0, len(whole), 5):
        damaged = bytearray(whole)
        damaged[place] ^= 0x41
        file.write_bytes(damaged)
        try:
            with open_chain(7, [str(file)], "ntp") as chain:
                found = read_values(chain, "energy", np.arange(ENTRIES))
        except RunsieveError as error:
            assert str(error).startswith(f"run 7: {file}"), place
            refused += 1
        else:
            assert np.array_equal(found, content["energy"]), place
    assert refused > 800 / 5  # at least the bytes of the values


@pytest.mark.parametrize("kind", OTHERS)
def test_contents_do_not_depend_on_blocks(kind, tmp_path):
    found = []
    for number, block in enumerate((BLOCK, ENTRIES)):
        file = write_run(tmp_path, f"run{number}", kind, small(), "ntp", block)
        with open_chain(7, [file], "ntp") as chain:
            found.append(contents_of(chain, {"event": "evt"})[0].content)
    assert found[0] == found[1] is not None


def test_members_and_nested_vectors_in_an_rntuple(tmp_path):
    hits = [[{"x": 1, "t": 0.5}, {"x": 2, "t": 1.5}], [], [{"x": 3, "t": 2.5}]]
    lists = [[[1, 2], []], [], [[3]]]
    file = str(tmp_path / "run.root")
    with uproot.recreate(file) as opened:
        opened.mkrntuple("ntp", {"hits": ak.Array(hits), "lists": ak.Array(lists)})
    with open_chain(7, [file], "ntp") as chain:
        assert ak.to_list(read_values(chain, "hits.x", np.arange(3))) == [[1, 2], [], [3]]
        assert ak.to_list(read_values(chain, "lists", np.arange(3))) == [[1, 2], [], [3]]
        (chunk,) = read_columns(chain, {"event": "Entry$", "t": "sum(hits.t)"}, [0])
        assert chunk.columns[0]["t"].tolist() == [2.0, 0.0, 2.5]
        with pytest.raises(RunsieveError, match=r"which holds objects: read hits\.x, hits\.t"):
            chain.number_types(["hits"])
