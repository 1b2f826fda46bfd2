"""Runs on a storage server: `root://` addresses, read through a real XRootD server.

Always in processes of their own, as rules do: TensorFlow and XRootD's client, each with a library
for encryption of its own, can't live in one.
"""

import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import zlib
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

CONFIGURATION = """
all.export /raw
oss.localroot {folder}
all.adminpath {folder}/admin
all.pidpath {folder}/admin
xrd.port {port}
xrootd.async off
"""

pytestmark = [
    pytest.mark.workflow,
    pytest.mark.skipif(
        shutil.which("xrootd") is None,
        reason="no xrootd server is installed (Debian: apt install xrootd-server)",
    ),
]


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
def address(finished):
    """Where a server of our own offers the raw runs of the foreign analysis."""
    with tempfile.TemporaryDirectory(prefix="runsieve-xrootd-") as name:
        folder = Path(name)
        shutil.copytree(finished.folder / "raw", folder / "raw")
        (folder / "admin").mkdir()
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
            yield f"root://127.0.0.1:{port}//raw"
        finally:
            server.terminate()
            server.wait(30)


def write_sheet(checkout, address: str, served) -> None:
    """With the checksums of the files that are served, those of another checkout."""
    lines = ["run\tkind\tfiles\tchecksums"]
    for run, kind in ((41, "calibration"), (42, "physics")):
        files = " ".join(f"{address}/daq{run}_{part}.root" for part in (0, 1))
        raw = [served.folder / f"raw/daq{run}_{part}.root" for part in (0, 1)]
        checksums = " ".join(f"adler32:{zlib.adler32(path.read_bytes()):08x}" for path in raw)
        lines.append(f"{run}\t{kind}\t{files}\t{checksums}")
    (checkout.folder / "config/runs/foreign.tsv").write_text("\n".join(lines) + "\n")


def test_runs_on_a_server_give_what_local_ones_give(finished, fresh, address):
    write_sheet(fresh, address, finished)
    shutil.rmtree(fresh.folder / "raw")
    sample = "results/foreign/samples/detectors"
    done = fresh.snakemake(f"{sample}/waveform.npy")
    assert done.returncode == 0, done.stderr
    for run in (41, 42):
        path = f"results/foreign/events/run{run}.parquet"
        local, remote = (pd.read_parquet(place.folder / path) for place in (finished, fresh))
        pd.testing.assert_frame_equal(remote, local)
    local, remote = (np.load(place.folder / sample / "waveform.npy") for place in (finished, fresh))
    assert np.array_equal(remote, local)


def test_a_file_that_the_server_does_not_have(finished, fresh, address):
    write_sheet(fresh, f"{address}/elsewhere", finished)
    done = fresh.snakemake("results/foreign/events/run41.parquet")
    assert done.returncode != 0
    place = f"error: run 41: {address}/elsewhere/daq41_0.root"
    assert any(place in line for line in (done.stdout + done.stderr).splitlines())


def test_a_file_on_a_server_is_described(finished, address):
    command = [sys.executable, "scripts/describe_run.py", f"{address}/daq41_0.root"]
    done = subprocess.run(command, cwd=finished.folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "tree 'ntp;1', 500 entries" in done.stdout
    assert "det0_left" in done.stdout
