"""Files of the same events are recognised, whatever their names, compression and baskets."""

import awkward as ak
import numpy as np
import pytest
import uproot
from hypothesis import given
from hypothesis import strategies as st

from runsieve.errors import RunsieveError
from runsieve.runs.contents import contents_of
from runsieve.runs.trees import open_chain

ENTRIES = 120


def branches(seed: int = 1, run: int = 7) -> dict:
    rng = np.random.default_rng(seed)
    pulse = rng.integers(0, 4096, (ENTRIES, 10)).astype(np.uint16)
    return {
        "run": np.full(ENTRIES, run, np.int32),
        "event": np.arange(ENTRIES, dtype=np.uint64),
        "energy": rng.exponential(10, ENTRIES).astype(np.float32),
        "hits": ak.unflatten(np.arange(2.0 * ENTRIES), np.full(ENTRIES, 2)),
        "pulse": pulse,
    }


def write(path, content: dict, chunk: int = ENTRIES, compression=None) -> str:
    with uproot.recreate(path, compression=compression) as file:
        parts = [
            {name: values[start : start + chunk] for name, values in content.items()}
            for start in range(0, ENTRIES, chunk)
        ]
        tree = file.mktree("tree", parts[0])
        for part in parts[1:]:
            tree.extend(part)
    return str(path)


def contents(run: int, *files: str):
    with open_chain(run, files, "tree") as chain:
        return contents_of(chain, {"event": "event", "run": "run"})


@given(chunk=st.integers(5, ENTRIES), run=st.integers(0, 9), zipped=st.booleans())
def test_a_copy_has_the_same_content(tmp_path_factory, chunk, run, zipped):
    folder = tmp_path_factory.mktemp("copies")
    compression = uproot.ZLIB(1) if zipped else None
    one = write(folder / "one.root", branches())
    two = write(folder / "two.root", branches(run=run), chunk, compression)
    (first,), (second,) = contents(7, one), contents(8, two)
    assert first.content == second.content
    assert (second.run, second.file, second.entries) == (8, two, ENTRIES)


@pytest.mark.parametrize("branch", ["event", "energy", "pulse", "hits"])
@pytest.mark.parametrize("entry", [0, ENTRIES - 1])
def test_other_events_have_another_content(tmp_path, branch, entry):
    content = branches()
    one = write(tmp_path / "one.root", content)
    values = ak.to_numpy(content[branch]).copy()
    values[entry] += 1
    two = write(tmp_path / "two.root", content | {branch: values})
    if branch == "hits":
        two = write(
            tmp_path / "three.root",
            content | {branch: ak.unflatten(values.ravel(), np.full(ENTRIES, 2))},
        )
    (first,), (second,) = contents(7, one), contents(7, two)
    assert first.content is not None
    assert first.content != second.content


def test_two_files_of_a_run_with_the_same_events(tmp_path):
    one = write(tmp_path / "one.root", branches())
    two = write(tmp_path / "two.root", branches(), 50)
    other = write(tmp_path / "other.root", branches(2))
    assert len({one.content for one in contents(7, one, other)}) == 2
    with pytest.raises(RunsieveError) as error:
        contents(7, one, other, two)
    assert str(error.value) == (
        f"run 7: {one} and {two} hold the same 120 events; name only one of them in the run sheet"
    )


def test_branches_that_tell_nothing_about_the_events_are_not_compared(tmp_path):
    """Runs of one label each, whose pictures are in friend files, are not the same."""
    content = {name: branches()[name] for name in ("run", "event")}
    content["label"] = np.repeat(np.arange(3), ENTRIES // 3)
    one = write(tmp_path / "one.root", content)
    assert [found.content for found in contents(7, one, one)] == [None, None]


def test_a_damaged_branch_that_is_not_needed_is_no_error(tmp_path):
    one = tmp_path / "one.root"
    write(one, branches(), compression=uproot.ZLIB(1))
    with uproot.open(one) as file:
        start = int(file["tree"]["pulse"].member("fBasketSeek")[0])
    content = bytearray(one.read_bytes())
    content[start + 120 : start + 160] = bytes(40)
    one.write_bytes(content)
    assert contents(7, str(one))[0].content is not None
