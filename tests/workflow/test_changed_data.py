"""What runs again after runs, columns, channels and samples have changed: in each of the starts of
`make run`, and in one start alone."""

import shutil
from pathlib import Path

import pandas as pd
import pytest

from helpers.checkout import ROOT, Checkout, copy_checkout
from helpers.foreign_runs import write_foreign_analysis, write_foreign_run

pytestmark = pytest.mark.workflow

RESULTS = "results/foreign"
# What is expensive, and what shows the data; reports follow from the scores.
TARGETS = (
    f"{RESULTS}/models/detectors/small/seed1/training.json",
    f"{RESULTS}/tests/detectors/trees/seed1/scores.parquet",
    f"{RESULTS}/tests/detectors/energy_only/seed1/scores.parquet",
    f"{RESULTS}/statistics.csv",
)
SCORES = {"score_model": 2}
MODELS = {"train_network": 1, "fit_baseline": 2} | SCORES
DATA = {"summarise_data": 1}
SAMPLE = {"build_sample": 1, "digest_column": 1}


class Campaign(Checkout):
    """A finished checkout, whose data change."""

    def change(self, change) -> None:
        """Change the settings of the analysis."""
        self.change_analysis("foreign", change)

    @property
    def sheet(self) -> Path:
        return self.folder / "config/runs/foreign.tsv"

    def starts(self) -> tuple[dict[str, int], dict[str, int], dict[str, int]]:
        """The jobs of each of the starts of `make run`; the last one is a dry run."""
        return self.run("samples"), self.run("arrays"), self.would_run(*TARGETS)

    def log_of_gather(self) -> str:
        path = self.folder / "logs/foreign/samples/detectors/waveform.log"
        return path.read_text()

    def opened(self) -> list[int]:
        """Runs that the last job of the array has read events from."""
        lines = self.log_of_gather().splitlines()
        return sorted(int(line.split()[1][:-1]) for line in lines if " events from det" in line)


@pytest.fixture(scope="module")
def finished_campaign(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three runs, two baselines and a network, up to the scores; two detectors in a sample."""
    checkout = copy_checkout(tmp_path_factory.mktemp("campaign") / "checkout")
    write_foreign_analysis(checkout.folder)
    sheet = checkout.folder / "config/runs/foreign.tsv"
    line = write_foreign_run(checkout.folder / "raw", 43, "physics", 0.1)
    sheet.write_text(f"{sheet.read_text()}{line}\n")
    (checkout.folder / "config/config.yaml").write_text("analyses: [foreign]\nscale: full\n")

    def change(analysis):
        analysis["channels"] = [0, 1, 2]
        analysis["samples"] = {"detectors": {"channels": [0, 1]}}
        trees = {"type": "gradient_boosting", "inputs": ["waveform"], "iterations": 3}
        analysis["models"]["trees"] = trees

    checkout.change_analysis("foreign", change)
    jobs = checkout.run(*TARGETS)
    expected = {"select_events": 3} | SAMPLE | {"gather_input": 1} | DATA | MODELS
    assert jobs == expected
    return checkout.folder


@pytest.fixture
def campaign(finished_campaign: Path, tmp_path: Path) -> Campaign:
    """A copy of it in another folder, with the times of its files."""
    return Campaign(Path(shutil.copytree(finished_campaign, tmp_path / "moved")))


def test_nothing_in_another_folder(campaign):
    assert campaign.would_run(*TARGETS) == {}


def test_nothing_in_a_copy_without_the_times_of_its_files(campaign):
    """Each file is newer than what was made from it; only raw runs could be told by their time."""
    for path in sorted((campaign.folder / "results").rglob("*"), reverse=True):
        path.touch()
    profile = campaign.folder / "profiles/default/profile.yaml"
    text = profile.read_text()
    profile.write_text(text.replace("size: 100000000", "size: 1000000"))
    assert campaign.would_run(*TARGETS) == {}


def test_nothing_in_a_renamed_results_folder(campaign):
    (campaign.folder / "results").rename(campaign.folder / "kept")
    snakefile = campaign.folder / "Snakefile"
    snakefile.write_text(
        snakefile.read_text().replace("pathvars:", 'pathvars:\n    results="kept",')
    )
    renamed = [path.replace("results/", "kept/", 1) for path in TARGETS]
    assert campaign.would_run(*renamed) == {}


def test_nothing_after_a_sorted_run_sheet(campaign):
    header, *lines = campaign.sheet.read_text().splitlines()
    campaign.sheet.write_text("\n".join([header, *reversed(lines)]) + "\n")
    assert campaign.would_run(*TARGETS) == {}


def keep_a_column(analysis):
    analysis["keep"] = ["energy", "hits"]


def add_a_channel(analysis):
    analysis["channels"] = [0, 1, 2, 3]


def test_a_kept_column_is_in_the_events_and_no_model_runs(campaign):
    campaign.change(keep_a_column)
    whole = campaign.would_run(*TARGETS)
    assert whole == {"select_events": 3} | SAMPLE | {"gather_input": 1} | DATA | MODELS
    first, second, rest = campaign.starts()
    assert first == {"select_events": 3} | SAMPLE
    assert second == {}
    assert rest == {}
    events = pd.read_parquet(campaign.folder / RESULTS / "samples/detectors/events.parquet")
    assert {"energy", "hits"} <= set(events)


def test_a_longer_list_of_channels_leaves_samples_of_the_others_alone(campaign):
    campaign.change(add_a_channel)
    first, second, rest = campaign.starts()
    assert first == {"select_events": 3} | SAMPLE
    assert second == {}
    assert rest == DATA


def test_a_new_run_is_the_only_one_that_is_selected_and_opened(campaign):
    line = write_foreign_run(campaign.folder / "raw", 44, "calibration", 0.8)
    campaign.sheet.write_text(f"{campaign.sheet.read_text()}{line}\n")
    first, second, rest = campaign.starts()
    assert first == {"select_events": 1} | SAMPLE
    assert second == {"gather_input": 1}
    assert rest == DATA | MODELS
    assert 44 in campaign.opened()
    # With one more run of the rarer class, all of its earlier events are still drawn.
    assert "run 41: " in campaign.log_of_gather()
    assert 41 not in campaign.opened()


def test_after_a_run_is_removed_nothing_is_selected_and_its_rows_are_not_read(campaign):
    lines = campaign.sheet.read_text().splitlines()
    campaign.sheet.write_text("\n".join(lines[:-1]) + "\n")
    first, second, rest = campaign.starts()
    assert first == SAMPLE
    assert second == {"gather_input": 1}
    assert rest == DATA | MODELS
    assert 43 not in campaign.opened()


def test_a_new_sample_runs_alone(campaign):
    def change(analysis):
        analysis["samples"]["third"] = {"channels": [2], "models": ["energy_only", "trees"]}

    campaign.change(change)
    first, second, rest = campaign.starts()
    assert first == SAMPLE
    assert second == {"gather_input": 1}
    assert rest == {}
    assert campaign.would_run(f"{RESULTS}/tests/third/trees/seed1/scores.parquet") == {
        "fit_baseline": 1,
        "score_model": 1,
    }


def test_what_has_changed_in_the_sample_is_never_missed(campaign):
    """Between two starts, or in one, another content of the sample reaches the models."""

    def change(analysis):
        analysis["samples"]["detectors"]["limit"] = 100

    campaign.change(change)
    whole = campaign.would_run(*TARGETS)
    first, second, rest = campaign.starts()
    assert first == SAMPLE
    assert second == {"gather_input": 1}
    assert rest == MODELS
    assert whole == first | second | rest


def test_the_starts_are_those_of_make_run():
    makefile = (ROOT / "Makefile").read_text()
    recipe = makefile.split("\nrun: ")[1].split("\n\n")[0].splitlines()[1:]
    assert [line.split("snakemake")[1].strip() for line in recipe] == ["samples", "arrays", ""]


def freeze(analysis):
    analysis["samples"]["detectors"]["freeze"] = True


def test_a_frozen_sample_stays_while_new_runs_are_selected(campaign):
    campaign.change(freeze)
    assert campaign.would_run(*TARGETS) == {}
    line = write_foreign_run(campaign.folder / "raw", 44, "calibration", 0.8)
    campaign.sheet.write_text(f"{campaign.sheet.read_text()}{line}\n")
    campaign.change(lambda analysis: analysis["selection"]["precut"].pop("clusters"))
    assert campaign.run("samples") == {}
    assert campaign.run("arrays") == {}
    assert campaign.would_run(*TARGETS) == {"select_events": 4} | DATA


def test_a_new_input_of_a_frozen_sample_is_read_of_its_own_runs(campaign):
    def change(analysis):
        freeze(analysis)
        analysis["inputs"]["left"] = {"branches": ["det{channel}_left"], "shape": [128]}
        analysis["models"]["trees"]["inputs"] = ["left"]

    campaign.change(change)
    line = write_foreign_run(campaign.folder / "raw", 44, "calibration", 0.8)
    campaign.sheet.write_text(f"{campaign.sheet.read_text()}{line}\n")
    assert campaign.run("arrays") == {"gather_input": 1}
    assert "run 44" not in (campaign.folder / "logs/foreign/samples/detectors/left.log").read_text()


def test_a_frozen_sample_that_was_never_drawn(campaign):
    campaign.change(freeze)
    (campaign.folder / RESULTS / "samples/detectors/digest.json").unlink()
    done = campaign.snakemake("--dry-run")
    assert done.returncode == 1
    assert (
        "foreign: samples.detectors.freeze: the sample was never drawn, there is no "
        "results/foreign/samples/detectors/digest.json; run `snakemake samples` before it is frozen"
    ) in done.stdout + done.stderr


def test_a_frozen_sample_that_has_lost_a_run(campaign):
    campaign.change(freeze)
    lines = campaign.sheet.read_text().splitlines()
    campaign.sheet.write_text("\n".join(lines[:-1]) + "\n")
    done = campaign.snakemake("--dry-run")
    assert done.returncode == 1
    assert (
        "samples.detectors.freeze: the sample holds events of run 43, of which"
        in done.stdout + done.stderr
    )
