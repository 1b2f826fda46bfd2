"""Which branches have no checksum."""

import numpy as np
import pytest
import uproot

from helpers.fuzzing.layouts import COMPRESSIONS, TREE, file_name
from helpers.fuzzing.uproot_files import write_uproot_files
from runsieve.errors import RunsieveError
from runsieve.runs.protection import unprotected
from runsieve.runs.trees import open_chain


def sentences(file, branches) -> list[str]:
    with open_chain(3, [str(file)], TREE) as chain:
        return unprotected(chain, branches)


def test_each_compression(tmp_path):
    write_uproot_files(tmp_path)
    found = {c: sentences(tmp_path / file_name("counted", c), ["values"]) for c in COMPRESSIONS}
    assert {name for name, said in found.items() if said} == {"none", "ZSTD"}
    file = tmp_path / file_name("counted", "ZSTD")
    assert found["ZSTD"] == [
        f"run 3: {file}: branch 'values' has baskets without a checksum (4 ZSTD of 4); damage to "
        "them can change values unnoticed"
    ]
    assert "(4 uncompressed of 4)" in found["none"][0]


def test_a_basket_that_compression_would_not_make_smaller_is_stored_as_it_is(tmp_path):
    rng = np.random.default_rng(5)
    noise = rng.integers(0, 1 << 32, 100, dtype=np.uint32)
    with uproot.recreate(tmp_path / "run.root", compression=uproot.ZLIB(1)) as file:
        tree = file.mktree(TREE, {"energy": np.zeros(100, np.uint32), "noise": noise})
        tree.extend({"energy": noise, "noise": np.zeros(100, np.uint32)})
    said = sentences(tmp_path / "run.root", ["noise", "energy"])
    assert ["(1 uncompressed of 2)" in one for one in said] == [True, True]
    assert ["'energy'" in said[0], "'noise'" in said[1]] == [True, True]


def test_a_frame_of_zstd_may_say_that_it_has_a_checksum(tmp_path):
    write_uproot_files(tmp_path)
    file = tmp_path / file_name("fixed", "ZSTD")
    with uproot.open(file) as directory:
        branch = directory[TREE]["values"]
        places = [
            int(branch.member("fBasketSeek")[number]) + branch.basket(number).member("fKeylen")
            for number in range(branch.num_baskets)
        ]
    content = bytearray(file.read_bytes())
    for place in places:
        assert content[place : place + 2] == b"ZS"
        content[place + 9 + 4] |= 0b100
    file.write_bytes(content)
    assert sentences(file, ["values"]) == []
    assert sentences(file, ["event"])


@pytest.mark.parametrize(("shift", "words"), [(0, "unknown method"), (None, "a key of")])
def test_damage_is_said(tmp_path, shift, words):
    write_uproot_files(tmp_path)
    file = tmp_path / file_name("fixed", "ZLIB")
    with uproot.open(file) as directory:
        branch = directory[TREE]["values"]
        start = int(branch.member("fBasketSeek")[1])
        place = start + 14 if shift is None else start + branch.basket(1).member("fKeylen")
    content = bytearray(file.read_bytes())
    content[place] ^= 0x7F
    file.write_bytes(content)
    with pytest.raises(RunsieveError, match=f"run 3: .*baskets of branch 'values'.*{words}"):
        sentences(file, ["values"])


def test_a_missing_branch_is_named(tmp_path):
    write_uproot_files(tmp_path)
    with pytest.raises(RunsieveError, match="no branch 'valves'"):
        sentences(tmp_path / file_name("fixed", "none"), ["valves"])
