"""Programs that replace those of a cluster."""

import os
import shutil

from runsieve.submission import prefer


def test_programs_of_a_folder_are_found_first(tmp_path, monkeypatch):
    for name in ("here", "there"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "sbatch").touch(0o755)
    monkeypatch.setenv("PATH", str(tmp_path / "there"))
    prefer(tmp_path / "here")
    prefer(tmp_path / "here")
    assert shutil.which("sbatch") == str(tmp_path / "here/sbatch")
    assert os.environ["PATH"].split(os.pathsep) == [str(tmp_path / "here"), str(tmp_path / "there")]
