"""A real Slurm on this host: munged, slurmctld and slurmd as processes of the test's own user.

All files are below one short folder, all ports are free ones of the loopback, and nothing is
written to /etc. There is no accounting; the profile asks squeue.
"""

import ctypes
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Self

PROGRAMS = ("munged", "slurmctld", "slurmd", "sbatch", "squeue", "scontrol", "scancel", "srun")
PATH = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/sbin", "/usr/local/sbin"])
FOLDERS = ("etc", "run", "log", "state", "spool", "bin", "munge")
LONGEST = 90  # bytes of a socket's path
MINUTES, LITTLE = 60, 10  # time limits of the two partitions
KILL_WAIT = 2  # seconds between SIGTERM and SIGKILL

CONFIGURATION = """
ClusterName=testing
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={controller}
SlurmUser={user}
SlurmdUser={user}
AuthType=auth/munge
CredType=cred/munge
AuthInfo=socket={folder}/run/munge.sock
CommunicationParameters=NoCtldInAddrAny,NoInAddrAny
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/run/slurmctld.pid
SlurmdPidFile={folder}/run/slurmd.pid
SlurmctldLogFile={folder}/log/slurmctld.log
SlurmdLogFile={folder}/log/slurmd.log
MpiDefault=none
ProctrackType=proctrack/pgid
TaskPlugin=task/none
SwitchType=switch/none
MailProg=/bin/true
ReturnToService=2
SlurmdParameters=config_overrides
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
SchedulerType=sched/backfill
SchedulerParameters=sched_interval=2,bf_interval=2,batch_sched_delay=0,sched_min_interval=100000
EnforcePartLimits=ALL
JobCompType=jobcomp/none
AccountingStorageType=accounting_storage/none
JobAcctGatherType=jobacct_gather/linux
JobAcctGatherFrequency=task=1
JobAcctGatherParams=OverMemoryKill
MinJobAge=300
KillWait={kill_wait}
InactiveLimit=0
SlurmctldTimeout=30
SlurmdTimeout=30
MessageTimeout=5
PropagateResourceLimits=NONE
NodeName=n1 NodeHostname={host} NodeAddr=127.0.0.1 Port={node} CPUs=8 RealMemory=16000 State=UNKNOWN
PartitionName=main Nodes=ALL Default=YES MaxTime={minutes} State=UP
PartitionName=little Nodes=ALL MaxTime={little} MaxMemPerNode=3000 State=UP
"""


def program(name: str) -> str | None:
    return shutil.which(name, path=PATH)


def missing() -> str:
    """Why no Slurm can be started here; empty if nothing is known to be missing."""
    absent = [name for name in PROGRAMS if program(name) is None]
    if absent:
        return (
            f"{', '.join(absent)} not found (Debian: apt install slurmctld slurmd slurm-client "
            "munge)"
        )
    return ""


class Slurm:
    """One node of 8 processors and 16,000 MB, whatever the host has; two partitions.

    main (the default): jobs of up to an hour; little: of up to ten minutes and 3,000 MB.
    """

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="slurm"))
        self.configuration = self.folder / "etc/slurm.conf"
        self.daemons: dict[str, subprocess.Popen] = {}

    @property
    def environment(self) -> dict[str, str]:
        """Variables with which Slurm's commands find this cluster."""
        return {
            "SLURM_CONF": str(self.configuration),
            "PATH": f"{self.folder / 'bin'}{os.pathsep}{os.environ['PATH']}",
        }

    def run(self, *command: str, check: bool = True) -> str:
        """What a command of Slurm prints."""
        done = subprocess.run(
            command,
            env=os.environ | self.environment,
            capture_output=True,
            text=True,
            check=check,
            timeout=30,
        )
        return done.stdout

    def refusal(self, *arguments: str) -> str:
        """What sbatch says to a job that it does not accept."""
        done = subprocess.run(
            ["sbatch", *arguments],
            env=os.environ | self.environment,
            capture_output=True,
            text=True,
            timeout=30,
        )
        assert done.returncode != 0, done.stdout
        return done.stderr

    def jobs(self, states: str = "all") -> dict[str, str]:
        """State by number of the jobs that the controller remembers, in their order."""
        lines = self.run("squeue", "-h", "-t", states, "-S", "i", "-o", "%i %T").splitlines()
        return dict(line.split() for line in lines)

    def until(self, what: str, condition: Callable[[], bool], seconds: float = 60) -> None:
        """Wait for a condition; raises TimeoutError, with the ends of the daemons' logs."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                if condition():
                    return
            except (OSError, subprocess.SubprocessError):
                pass  # a daemon is not there yet
            time.sleep(0.1)
        raise TimeoutError(f"{what}: not within {seconds} s\n{self.logs()}")

    def logs(self) -> str:
        texts = []
        for path in sorted((self.folder / "log").iterdir()):
            lines = path.read_text(errors="replace").splitlines()[-15:]
            texts.append("\n".join([path.name, *lines]))
        return "\n".join(texts)

    def start(self) -> Self:
        for name in FOLDERS:
            (self.folder / name).mkdir()
        (self.folder / "munge").chmod(0o700)
        socket_path = self.folder / "run/munge.sock"
        if len(str(socket_path)) > LONGEST:
            raise ValueError(f"{socket_path}: too long for the path of a socket")
        self._start_munge(socket_path)
        controller, node = free_ports(2)
        self.configuration.write_text(
            CONFIGURATION.format(
                host=socket.gethostname().split(".")[0],
                user=pwd.getpwuid(os.geteuid()).pw_name,
                folder=self.folder,
                controller=controller,
                node=node,
                kill_wait=KILL_WAIT,
                minutes=MINUTES,
                little=LITTLE,
            )
        )
        self._write_wrappers()
        self.until("munged", socket_path.exists)
        self._spawn("slurmctld", "-D", "-f", str(self.configuration))
        self._spawn("slurmd", "-D", "-f", str(self.configuration), "-N", "n1")
        self.until(
            "an idle node", lambda: self.run("sinfo", "-h", "-N", "-o", "%t").count("idle") == 2
        )
        return self

    def _start_munge(self, socket_path: Path) -> None:
        key = self.folder / "munge/key"
        key.touch(0o600)
        key.write_bytes(os.urandom(128))
        self._spawn(
            "munged",
            "--foreground",
            "--force",
            "--num-threads=2",
            f"--key-file={key}",
            f"--socket={socket_path}",
            f"--pid-file={self.folder}/run/munged.pid",
            f"--log-file={self.folder}/log/munged.log",
            f"--seed-file={self.folder}/munge/seed",
        )

    def _write_wrappers(self) -> None:
        """Commands find the cluster inside jobs, where Snakemake's plugin removes SLURM_CONF.

        The plugin takes sacct wherever `which` finds it, also where nothing is accounted for.
        """
        inside = f"SLURM_CONF={self.configuration} exec"
        texts = {
            **{name: f'{inside} {program(name)} "$@"' for name in ("srun", "scontrol", "squeue")},
            "which": f'[ "$1" = sacct ] && exit 1\nexec {program("which")} "$@"',
        }
        for name, text in texts.items():
            path = self.folder / "bin" / name
            path.write_text(f"#!/bin/sh\n{text}\n")
            path.chmod(0o755)

    def _spawn(self, name: str, *arguments: str) -> None:
        with (self.folder / f"log/{name}.out").open("ab") as log:
            self.daemons[name] = subprocess.Popen(
                [program(name), *arguments],
                env=os.environ | self.environment,
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=die_with_parent,
            )

    def stop_controller(self) -> None:
        """An outage: what runs goes on, and nothing is submitted or asked."""
        self._end("slurmctld")

    def start_controller(self, wait: bool = True) -> None:
        self._spawn("slurmctld", "-D", "-f", str(self.configuration))
        if wait:
            self.until("slurmctld", lambda: "UP" in self.run("scontrol", "ping", check=False))

    def _end(self, name: str) -> None:
        process = self.daemons.pop(name)
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def stop(self) -> None:
        try:
            if "slurmctld" in self.daemons:
                self.run("scancel", "--full", "--partition=main,little", check=False)
                live = "PENDING,RUNNING,COMPLETING"
                self.until("no jobs", lambda: not self.jobs(live), seconds=15)
        except (OSError, subprocess.SubprocessError):
            pass  # what is left of the jobs is ended below
        finally:
            for name in reversed(list(self.daemons)):
                self._end(name)
            self._end_strays()
            shutil.rmtree(self.folder, ignore_errors=True)

    def _end_strays(self) -> None:
        """Processes of jobs that outlived slurmd, known by the configuration of this cluster."""
        mark = f"SLURM_CONF={self.configuration}".encode()
        for place in Path("/proc").glob("[0-9]*"):
            try:
                variables = (place / "environ").read_bytes().split(b"\0")
                if mark in variables and int(place.name) != os.getpid():
                    os.kill(int(place.name), signal.SIGKILL)
            except OSError:
                pass  # another user's, or just ended

    def __enter__(self) -> Self:
        try:
            return self.start()
        except BaseException:
            self.stop()
            raise

    def __exit__(self, *error: object) -> None:
        self.stop()


def free_ports(count: int) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    try:
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]
    finally:
        for one in sockets:
            one.close()


def die_with_parent() -> None:
    """In a daemon, before it starts: SIGTERM when the process of the tests is gone."""
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)
