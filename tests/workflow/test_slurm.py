"""The workflow on a real Slurm, undisturbed and disturbed, ends like the local one."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from helpers.checkout import Checkout, copy_checkout
from helpers.foreign_runs import write_foreign_analysis
from helpers.slurm import LITTLE, Slurm, missing

pytestmark = [
    pytest.mark.workflow,
    pytest.mark.skipif(bool(missing()), reason=missing()),
]

SCORES = "results/foreign/tests/detectors/{model}/seed1/scores.parquet"
TARGETS = [SCORES.format(model=model) for model in ("small", "energy_only")]
TRAINING = {"training": {"epochs": 6}}
# As the profile has it, but for the site, and for checks that come sooner.
SITE = (
    "--workflow-profile=profiles/slurm",
    "--slurm-init-seconds-before-status-checks=3",
    "--latency-wait=5",
)


@pytest.fixture(scope="module")
def slurm() -> Iterator[Slurm]:
    cluster = Slurm()
    try:
        cluster.start()
    except (OSError, TimeoutError) as error:
        cluster.stop()
        pytest.skip(f"no Slurm can be started here: {error}")
    yield cluster
    cluster.stop()


@pytest.fixture(scope="module")
def local(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """The same chain, run here without a cluster."""
    checkout = small_checkout(tmp_path_factory.mktemp("local") / "checkout")
    done = checkout.snakemake(*TARGETS)
    assert done.returncode == 0, done.stdout + done.stderr
    return checkout


def small_checkout(folder: Path) -> Checkout:
    checkout = copy_checkout(folder)
    write_foreign_analysis(checkout.folder)
    checkout.change_analysis("foreign", lambda one: one["models"]["small"].update(TRAINING))
    (checkout.folder / "config/config.yaml").write_text("analyses: [foreign]\nscale: full\n")
    return checkout


class Controller:
    """Snakemake in a checkout, submitting to a Slurm."""

    def __init__(self, checkout: Checkout, slurm: Slurm, *arguments: str) -> None:
        self.checkout, self.slurm = checkout, slurm
        self.log = (checkout.folder / "controller.log").open("ab")
        environment = {"HOME": str(checkout.folder), "RUNSIEVE_PAUSE": "1"}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "snakemake", *TARGETS, *SITE, *arguments],
            cwd=checkout.folder,
            env=environment | slurm.environment,
            stdin=subprocess.DEVNULL,
            stdout=self.log,
            stderr=self.log,
        )

    def printed(self) -> str:
        return (self.checkout.folder / "controller.log").read_text(errors="replace")

    def until(self, what: str, condition: Callable[[], bool], seconds: float = 120) -> None:
        """Wait for a condition, as long as Snakemake lives."""

        def met() -> bool:
            assert self.process.poll() is None, self.printed()
            return condition()

        self.slurm.until(what, met, seconds)

    def finish(self, seconds: float = 300) -> str:
        assert self.process.wait(seconds) == 0, self.printed()
        self.log.close()
        return self.printed()


def processes(words: str) -> list[int]:
    """Numbers of the processes with these words in their command."""
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        try:
            command = (place / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue  # it has just ended
        if words in command:
            found.append(int(place.name))
    return found


def different(one: Checkout, other: Checkout, *but: str) -> list[str]:
    """Result files below the samples, models and tests of one checkout that the other has not."""
    found = []
    for path in sorted((one.folder / "results/foreign").rglob("*")):
        place = path.relative_to(one.folder)
        if path.is_file() and path.name not in but:
            twin = other.folder / place
            if not twin.is_file() or twin.read_bytes() != path.read_bytes():
                found.append(str(place))
    return found


def test_a_chain_within_the_limits_of_a_partition_while_the_controller_is_down(
    slurm, local, tmp_path
):
    """Its jobs are submitted only when Slurm is back, and it goes away once more while they run."""
    fresh = small_checkout(tmp_path / "checkout")
    minutes = LITTLE // 2
    refused = slurm.refusal("--partition=little", "--time=30", "--wrap=true")
    assert "time limit is invalid" in refused
    slurm.stop_controller()
    controller = Controller(
        fresh,
        slurm,
        *("--default-resources", "slurm_partition=little", "mem_mb=500", "runtime=30", "turns=1"),
        *("--resources", f"runtime={minutes}", "mem_mb=3000", "turns=1"),
    )
    controller.until(
        "a submission", lambda: bool(processes(f"{fresh.folder}/profiles/slurm/bin/sbatch"))
    )
    slurm.start_controller()
    controller.until("a job", lambda: bool(processes("snakemake --snakefile")))
    slurm.stop_controller()
    controller.until("a step", lambda: bool(processes(f"{fresh.folder}/profiles/slurm/bin/srun")))
    slurm.start_controller()
    printed = controller.finish()
    print(printed)
    assert different(local, fresh, "training.json") == []
