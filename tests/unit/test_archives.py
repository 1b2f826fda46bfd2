"""Archives of which the same content gives the same bytes."""

import zipfile

from runsieve.archives import rewrite


def write(path, year):
    with zipfile.ZipFile(path, "w") as archive:
        for name, kind in (("b.txt", zipfile.ZIP_DEFLATED), ("a.txt", zipfile.ZIP_STORED)):
            info = zipfile.ZipInfo(name, (year, 1, 1, 0, 0, 0))
            info.compress_type = kind
            archive.writestr(info, "text " * 100)


def test_times_are_taken_out(tmp_path):
    for year in (2001, 2026):
        write(tmp_path / f"{year}.zip", year)
        rewrite(tmp_path / f"{year}.zip", tmp_path / f"{year}.new", {"a.txt": b"other"}, str.upper)
    assert (tmp_path / "2001.zip").read_bytes() != (tmp_path / "2026.zip").read_bytes()
    assert (tmp_path / "2001.new").read_bytes() == (tmp_path / "2026.new").read_bytes()
    with zipfile.ZipFile(tmp_path / "2001.new") as archive:
        assert archive.namelist() == ["B.TXT", "A.TXT"]
        assert archive.read("A.TXT") == b"other"
        assert archive.read("B.TXT") == b"text " * 100
        assert archive.getinfo("B.TXT").compress_type == zipfile.ZIP_DEFLATED
