"""Checksums of raw files against hashlib and zlib, and files that do not have theirs."""

import hashlib
import zlib

import numpy as np
import pytest

from runsieve.errors import RunsieveError
from runsieve.runs.checksums import CHUNK, checksum, require_checksums


@pytest.mark.parametrize("size", [0, 1, CHUNK, CHUNK + 1])
def test_a_checksum_is_that_of_all_bytes(tmp_path, size):
    content = np.random.default_rng(size).bytes(size)
    file = tmp_path / "raw::1.root"  # a name that fsspec would split
    file.write_bytes(content)
    assert checksum(str(file), "sha256") == f"sha256:{hashlib.sha256(content).hexdigest()}"
    assert checksum(str(file), "adler32") == f"adler32:{zlib.adler32(content):08x}"
    address = f"file://{file.rename(tmp_path / 'raw1.root')}"
    assert checksum(address, "sha256") == f"sha256:{hashlib.sha256(content).hexdigest()}"


def test_known_values(tmp_path):
    """Of RFC 1950 (Wikipedia's example) and FIPS 180-2."""
    (tmp_path / "a").write_bytes(b"Wikipedia")
    (tmp_path / "b").write_bytes(b"abc")
    assert checksum(str(tmp_path / "a"), "adler32") == "adler32:11e60398"
    known = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert checksum(str(tmp_path / "b"), "sha256") == f"sha256:{known}"


def test_files_that_have_their_checksums(tmp_path, capsys):
    files = [str(tmp_path / name) for name in ("a", "b")]
    for file in files:
        (tmp_path / file).write_bytes(b"Wikipedia")
    require_checksums(7, files, [])
    assert not capsys.readouterr().out
    require_checksums(7, files, ["adler32:11e60398"] * 2)
    assert capsys.readouterr().out == "run 7: 2 files have the checksums of the run sheet\n"


def test_a_file_that_has_another_checksum(tmp_path):
    file = tmp_path / "a.root"
    file.write_bytes(b"Wikipedib")
    with pytest.raises(RunsieveError) as error:
        require_checksums(7, [str(file)], ["adler32:11e60398"])
    assert str(error.value) == (
        f"run 7: {file}: its checksum should be adler32:11e60398, found adler32:11e70399; the file "
        "is damaged or another one"
    )
    with pytest.raises(RunsieveError, match=r"run 7: none.root does not exist"):
        require_checksums(7, ["none.root"], ["adler32:11e60398"])
