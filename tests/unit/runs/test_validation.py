"""Sizes that contradict each other are found before a basket is decoded."""

from pathlib import Path

import awkward as ak
import numpy as np
import pytest
import uproot
from hypothesis import given
from hypothesis import strategies as st
from uproot.containers import AsVector
from uproot.interpretation.jagged import AsJagged
from uproot.interpretation.numerical import AsDtype
from uproot.interpretation.objects import AsObjects

from helpers.fuzzing.layouts import TREE, file_name
from helpers.fuzzing.uproot_files import write_uproot_files
from runsieve.errors import RunsieveError
from runsieve.runs.columns import read_columns
from runsieve.runs.trees import open_chain
from runsieve.runs.validation import BASKET, BLOCK, KEY, require_key, require_lengths
from runsieve.runs.validation import require_offsets as require

HEADER = b"\x40\0\0\0\0\x09"  # of a vector: its length in bytes (not used), and its version
INT = np.dtype(">i4")


def basket(plain=20, size=None, header=40, entries=5, end=None, blocks=()) -> memoryview:
    """A basket as in a file, without names in its key."""
    content = b"".join(
        b"ZS\1" + held.to_bytes(3, "little") + whole.to_bytes(3, "little") + bytes(held)
        for held, whole in blocks
    ) or bytes(plain)
    size = header + len(content) if size is None else size
    key = KEY.pack(size, 4, plain, 0, header, 1).ljust(40 - BASKET.size, b"\0")
    return memoryview(key + BASKET.pack(3, 100, 4, entries, end or 40 + plain, 0) + content)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"size": 61}, "a basket of 60 bytes that states 61 bytes"),
        ({"size": 39}, "states 39 bytes, 40 of them its key"),
        ({"header": 36}, "36 of them its key"),
        ({"header": -40}, "-40 of them its key"),
        ({"entries": 6}, "6 entries instead of 5"),
        ({"entries": -1}, "-1 entries instead of 5"),
        ({"end": 61}, "data that end at byte 21 of 20"),
        ({"end": 39}, "data that end at byte -1 of 20"),
        ({"size": 50}, "compressed blocks of 0 bytes for 20"),
        ({"blocks": [(4, 19)]}, "compressed blocks of 19 bytes for 20"),
        ({"blocks": [(4, 10), (3, 11)]}, "compressed blocks of 21 bytes for 20"),
        ({"blocks": [(4, 20)], "size": 52}, "compressed blocks of 20 bytes for 20"),
        ({"plain": 1 << 30, "blocks": [(4, 20)]}, f"blocks of 20 bytes for {1 << 30}"),
    ],
)
def test_sizes_of_a_basket(changes, words):
    with pytest.raises(ValueError, match=words):
        require_key(basket(**changes), 5)


@pytest.mark.parametrize("blocks", [(), [(4, 20)], [(4, 10), (3, 10)]])
def test_an_undamaged_basket_passes(blocks):
    assert BLOCK == 9
    require_key(basket(blocks=blocks), 5)


@pytest.mark.parametrize(
    ("offsets", "words"),
    [
        ([0, 4, 12], "2 lengths for 3 entries"),
        ([1, 4, 8, 12], "contradict"),
        ([0, 8, 4, 12], "contradict"),
        ([0, 4, 8, 13], "contradict"),
        ([0, 4, 8, 11], "contradict"),
        ([0, -4, 8, 12], "contradict"),
    ],
)
def test_offsets(offsets, words):
    require(np.zeros(12, np.uint8), np.array([0, 4, 8, 12]), 3)
    with pytest.raises(ValueError, match=words):
        require(np.zeros(12, np.uint8), np.array(offsets), 3)


def stored(*entries: bytes) -> tuple[np.ndarray, np.ndarray]:
    sizes = np.cumsum([0, *(len(entry) for entry in entries)])
    return np.frombuffer(b"".join(entries), np.uint8), sizes


def vector(count: int, content: bytes) -> bytes:
    return count.to_bytes(4, "big") + content


def numbers(count: int) -> bytes:
    return np.arange(count, dtype=INT).tobytes()


FIXED, COUNTED = AsDtype((INT, (2,))), AsJagged(AsDtype(INT))
VECTOR = AsJagged(AsDtype(INT), header_bytes=10)
NESTED = AsObjects(AsVector(True, AsVector(False, INT)))
DEEP = AsObjects(AsVector(True, AsVector(False, AsVector(False, INT))))
TWO = vector(2, vector(1, numbers(1)) + vector(3, numbers(3)))


@pytest.mark.parametrize(
    ("kind", "entries", "words"),
    [
        (FIXED, [numbers(2), numbers(1)], "12 bytes for 2 entries"),
        (COUNTED, [numbers(2), numbers(2)[:7]], "not a number of values of 4 bytes"),
        (VECTOR, [HEADER + vector(2, numbers(3))], "a vector of 2 values holds 3"),
        (VECTOR, [HEADER + vector(1 << 31, numbers(3))], "a vector of 2147483648 values holds 3"),
        (VECTOR, [HEADER], "not a number of values"),
        (NESTED, [HEADER + TWO, HEADER], "begins after the end"),
        (NESTED, [HEADER + TWO + numbers(1)], "vectors of 34 bytes in an entry of 38"),
        (NESTED, [HEADER + vector(1 << 30, TWO[4:])], "a vector of 1073741824 values in 24 bytes"),
        (NESTED, [HEADER + vector(2, vector(9, numbers(5)))], "a vector of 9 values in 20 bytes"),
        (NESTED, [HEADER + vector(2, vector(5, numbers(5)))], "begins after the end"),
        (DEEP, [HEADER + vector(1, TWO), HEADER + vector(2, TWO)], "begins after the end"),
    ],
)
def test_lengths_of_entries(kind, entries, words):
    data, offsets = stored(*entries)
    with pytest.raises(ValueError, match=words):
        require_lengths(kind, data, None if kind is FIXED else offsets, len(entries))


def test_objects_need_offsets():
    with pytest.raises(ValueError, match="objects without the lengths"):
        require_lengths(NESTED, np.zeros(4, np.uint8), None, 1)


@given(st.lists(st.lists(st.lists(st.integers(0, 3), max_size=4), max_size=4), max_size=4))
def test_any_undamaged_entries_pass(deep):
    def nested(lists) -> bytes:
        inner = (vector(len(values), np.array(values, INT).tobytes()) for values in lists)
        return vector(len(lists), b"".join(inner))

    flat = [values for lists in deep for values in lists]
    for kind, entries in (
        (FIXED, [numbers(2) for _ in flat]),
        (COUNTED, [numbers(len(values)) for values in flat]),
        (VECTOR, [HEADER + vector(len(values), numbers(len(values))) for values in flat]),
        (NESTED, [HEADER + nested(lists) for lists in deep]),
        (DEEP, [HEADER + vector(len(deep), b"".join(nested(lists) for lists in deep))]),
    ):
        data, offsets = stored(*entries)
        require(data, offsets, len(entries))
        require_lengths(kind, data, None if kind is FIXED else offsets, len(entries))


def damaged(path: Path, offset: int, value: int) -> str:
    """A counted run whose second basket of values has another number in its list of offsets."""
    write_uproot_files(path)
    file = path / file_name("counted", "none")
    with uproot.open(file) as directory:
        branch = directory[TREE]["values"]
        key = branch.basket(1)
        end = int(branch.member("fBasketSeek")[1]) + key.member("fLast")
    content = bytearray(file.read_bytes())
    # The list begins with its length.
    content[end + 4 + 4 * offset : end + 8 + 4 * offset] = value.to_bytes(4, "big")
    file.write_bytes(content)
    return str(file)


@pytest.mark.parametrize("value", [0, 1 << 12, 1 << 24])
def test_select_refuses_offsets_that_contradict_each_other(tmp_path, value):
    """Sums of Awkward Array follow them: to other values, or to signal 11."""
    file = damaged(tmp_path, 3, value)
    words = "run 4: .*: cannot read branches event, values; .*lengths of its entries contradict"
    with open_chain(4, [file], TREE) as chain, pytest.raises(RunsieveError, match=words):
        list(read_columns(chain, {"event": "event", "sum": "sum(values)"}, [0]))


def test_first_entries_of_baskets_must_increase(tmp_path):
    write_uproot_files(tmp_path)
    file = tmp_path / file_name("counted", "none")
    content = file.read_bytes()
    stated = np.array([0, 30, 60, 90, 120], ">i8").tobytes()
    assert content.count(stated) > 1  # of each branch
    file.write_bytes(content.replace(stated, np.array([0, 99, 60, 90, 120], ">i8").tobytes()))
    words = r"cannot read the baskets of branch 'values'.*increasing order"
    with open_chain(4, [str(file)], TREE) as chain, pytest.raises(RunsieveError, match=words):
        chain.require(["values"])


def test_ranges_of_entries_across_baskets(tmp_path):
    """Chunks of any size give what the whole file holds."""
    write_uproot_files(tmp_path)
    file = str(tmp_path / file_name("counted", "ZLIB"))
    with uproot.open(file) as directory:
        whole = directory[TREE].arrays()
    for chunk in (1, 29, 30, 31, 60, 1000):
        with open_chain(4, [file], TREE) as chain:
            columns = {"event": "event", "sum": "sum(values)"}
            parts = [one.columns[0] for one in read_columns(chain, columns, [0], chunk)]
        assert np.concatenate([one["event"] for one in parts]).tolist() == whole.event.tolist()
        found = np.concatenate([one["sum"] for one in parts])
        assert found.tolist() == ak.sum(whole["values"], axis=1).tolist()
