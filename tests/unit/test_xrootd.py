"""Runs on a storage server: `root://` addresses, read through a real XRootD server."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import uproot

from runsieve.config.inputs import Input
from runsieve.errors import RunsieveError
from runsieve.gathering import RunFiles, gather_input
from runsieve.runs.columns import read_columns
from runsieve.runs.description import describe_file
from runsieve.runs.files import local, run_files
from runsieve.runs.trees import open_chain

ENTRIES, SAMPLES = 300, 64
CONFIGURATION = """
all.export /runs
oss.localroot {folder}
all.adminpath {folder}/admin
all.pidpath {folder}/admin
xrd.port {port}
xrootd.async off
"""

pytestmark = pytest.mark.skipif(
    shutil.which("xrootd") is None,
    reason="no xrootd server is installed (Debian: apt install xrootd-server)",
)


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def wait_for(server: subprocess.Popen, port: int, log: Path) -> None:
    """Until it accepts connections."""
    end = time.monotonic() + 60
    while time.monotonic() < end and server.poll() is None:
        with socket.socket() as one:
            one.settimeout(1)
            if one.connect_ex(("127.0.0.1", port)) == 0:
                return
    pytest.fail(f"xrootd did not start: {log.read_text()}")


@pytest.fixture(scope="module")
def waveforms() -> np.ndarray:
    return np.random.default_rng(1).integers(0, 4096, (ENTRIES, SAMPLES)).astype(np.uint16)


@pytest.fixture(scope="module")
def address(waveforms):
    """Where a server of our own offers a run of two files."""
    with tempfile.TemporaryDirectory(prefix="runsieve-xrootd-") as name:
        folder = Path(name)
        (folder / "runs").mkdir()
        (folder / "admin").mkdir()
        for part, chosen in enumerate((slice(0, 100), slice(100, ENTRIES))):
            with uproot.recreate(folder / f"runs/run7_{part}.root") as file:
                number = np.arange(ENTRIES, dtype=np.uint64)[chosen]
                energy = number / 10.0
                branches = {"event": number, "energy": energy, "waveform": waveforms[chosen]}
                file.mktree("event", branches)
        port = free_port()
        configuration = folder / "xrootd.cfg"
        configuration.write_text(CONFIGURATION.format(folder=folder, port=port))
        user = None
        if os.getuid() == 0:  # the server refuses to run as root
            user = "nobody"
            owner = pwd.getpwnam(user)
            for path in (folder, folder / "admin"):
                os.chown(path, owner.pw_uid, owner.pw_gid)
        log = folder / "admin/log"
        command = ["xrootd", "-c", str(configuration), "-l", str(log), "-n", "test"]
        server = subprocess.Popen(
            command, user=user, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            wait_for(server, port, log)
            yield f"root://127.0.0.1:{port}//runs"
        finally:
            server.terminate()
            server.wait(30)


def test_a_run_on_a_server_is_selected_and_gathered(address, waveforms, tmp_path):
    files = run_files(f"{address}/run7_0.root {address}/run7_1.root", 7)
    assert len(files) == 2
    assert local(files) == []
    columns = {"event": "event", "energy": "energy"}
    with open_chain(7, files, "event") as chain:
        chunks = list(read_columns(chain, columns, [0]))
    energy = np.concatenate([chunk.columns[0]["energy"] for chunk in chunks])
    assert energy.tolist() == (np.arange(ENTRIES) / 10.0).tolist()
    entries = np.array([3, 99, 100, 250])
    events = pd.DataFrame({"run": 7, "entry": entries, "event": entries, "channel": 0})
    path = tmp_path / "waveform.npy"
    settings = Input(branches=["waveform"], shape=[SAMPLES])
    gather_input(
        events.assign(row=np.arange(4)),
        {7: RunFiles(files, files)},
        settings,
        "event",
        columns,
        path,
        2,
    )
    assert (np.load(path) == waveforms[entries]).all()


def test_a_file_on_a_server_is_described(address):
    (tree,) = describe_file(f"{address}/run7_0.root")
    assert tree.entries == 100
    assert [branch.name for branch in tree.branches] == ["event", "energy", "waveform"]


def test_a_file_that_the_server_does_not_have(address):
    file = f"{address}/run8.root"
    with pytest.raises(RunsieveError, match=f"run 8: {file}"), open_chain(8, [file], "event"):
        pass
