"""The card holds what a stranger needs to know of a network."""

import json
import re
import zipfile
from types import SimpleNamespace

import pandas as pd
import pytest

import write_card as write_card_script
from runsieve.reports.about import About
from runsieve.reports.card import fingerprint, write_card
from runsieve.reports.provenance import commit_of, versions

EVENTS = pd.DataFrame(
    {
        "run": [1, 1, 2, 2],
        "event": [3, 4, 3, 9],
        "channel": 7,
        "class": ["signal", "signal", "noise", "noise"],
        "split": ["train", "test", "train", "validation"],
    }
)
ABOUT = About(
    analysis="cosine",
    title="Crystals",
    titles={"signal": "Nuclear recoil \u2013 Na⁺ [*]", "noise": "noise"},
    sample="crystal7",
    model="dnn",
    seed=4,
    cuts={
        **{
            run: {"signal": {"energy": "energy > 0", "hits": "hits > 1"}}
            for run in (1, 1000, 1001, 1002)
        },
        2: {"noise": {"all": "1"}},
    },
    settings={"towers": {"waveform": {}}, "dense": {"units": [8]}},
    inputs={"waveform": {"branches": ["w"], "window": {"start": "trigger - 20", "length": 9}}},
)
DIAGNOSIS = {
    "parameters": 123,
    "not_trainable": 4,
    "precision": "mixed_bfloat16",
    "epochs": 9,
    "kept_epoch": 6,
    "seconds": 1.5,
    "finished": "2026-11-28T10:00:00+00:00",
    "machine": {
        "processor": "A processor",
        "cores": 2,
        "threads": None,
        "python": "3",
        "keras": "4",
        "tensorflow": "5",
    },
    "diagnoses": [
        {
            "name": "dead_network",
            "value": 0.001,
            "limit": 0.01,
            "fired": True,
            "fires": "below the limit",
        },
        {
            "name": "one_class",
            "value": 1.0,
            "limit": 0.98,
            "fired": False,
            "fires": "above the limit",
            "explained_by": "dead_network",
        },
        {
            "name": "unmixed_batches",
            "value": None,
            "limit": 3.0,
            "fired": False,
            "fires": "above the limit",
        },
    ],
    "warnings": ["The network is dead."],
}
METRICS = {
    "classes": ["signal", "noise"],
    "majority": 0.5,
    "metrics": {
        "auc": {"value": 0.9, "low": 0.85, "high": 0.95, "interval": "bootstrap"},
        "accuracy": {
            "value": 0.8, "low": 0.7, "high": 0.9, "interval": "clopper-pearson", "k": 8, "n": 10,
        },
        "rejection": {"value": None},
        "balanced_accuracy": {"value": 0.8, "low": 0.7, "high": 0.9, "interval": "jeffreys"},
        "calibration_error": {"value": 0.01, "low": 0.0, "high": 0.02, "interval": "chi-squared"},
    },
}  # fmt: skip
POINTS = pd.DataFrame(
    {
        "working_point": ["efficiency90", "lacking"],
        "class": "signal",
        "threshold": [0.76788294, None],
        "efficiency": [0.9062, None],
        "efficiency_low": [0.8958, None],
        "efficiency_high": [0.9158, None],
        "rejection": [0.85, None],
        "rejection_low": [0.84, None],
        "rejection_high": [0.86, None],
    }
)
SIGNATURE = {
    "classes": ["signal", "noise"],
    "inputs": {
        "waveform": {
            "shape": [2, 9],
            "dtype": "uint16",
            "order": "2 segments of 9 values, every 2 ns: PMT 0, then PMT 1",
            "unit": "ADC counts",
        },
        "mass": {"shape": [1], "dtype": "float32", "order": "one value each: mass_2", "unit": ""},
    },
}
MADE = {
    "date": "2026-11-29T12:00:00+00:00",
    "commit": "0123abc",
    "modified": True,
    "versions": {"python": "3.11", "uproot": "5.6"},
}


def card_of(about=ABOUT, diagnosis=DIAGNOSIS, made=MADE, metrics=METRICS, left_out=None) -> str:
    results = diagnosis, metrics, POINTS
    return write_card(about, EVENTS, left_out or {}, *results, SIGNATURE, made)


def test_card():
    card = card_of()
    for text in (
        "# dnn on crystal7, seed 4",
        "Runs 1, 2; channels 7.",
        "| Nuclear recoil \u2013 Na⁺ \\[\\*\\] (`signal`) | 1 | 0 | 1 |",
        "| noise | 1 | 1 | 0 |",
        "- Nuclear recoil \u2013 Na⁺ \\[\\*\\] (`signal`), runs 1, 1000-1002: energy",
        "(`energy > 0`), hits (`hits > 1`)",
        "- noise, run 2: all (`1`)",
        "Written 2026-11-29T12:00:00+00:00 from commit `0123abc`, with changes that are not",
        "; python 3.11, uproot 5.6.",
        "until 2026-11-28T10:00:00+00:00",
        "| efficiency90 | Nuclear recoil \u2013 Na⁺ \\[\\*\\] (`signal`) | 0.76788294 | 0.9062 (",
        "0.9062 (0.8958 to 0.9158) | 0.8500 (",
        "| lacking | Nuclear recoil \u2013 Na⁺ \\[\\*\\] (`signal`) |  | | |",
        "| waveform | uint16 | (events, 2, 9) | 2 segments of 9 values, every 2 ns: PMT 0, then ",
        "then PMT 1 | ADC counts |",
        "| mass | float32 | (events, 1) | one value each: mass\\_2 |  |",
        "(events, 2): Nuclear recoil \u2013 Na⁺ \\[\\*\\] (`signal`), then noise.",
        'load("model.keras").probabilities({"waveform": waveform, "mass": mass})',
        "123 parameters, 4 of them not trainable",
        "A processor, 2 threads",
        "units:",
        "| area under the ROC curve | 0.9000 | 0.8500 to 0.9500 (bootstrap) |",
        "(clopper-pearson, 8 of 10)",
        "| calibration error | 0.0100 | 0.0000 to 0.0200 (chi-squared) |",
        "- **The network is dead.**",
        "| dead_network | 0.001 | 0.01 | below the limit | fired |",
        "| one_class | 1 | 0.98 | above the limit | explained by dead_network |",
        "| unmixed_batches |  | 3 | above the limit |  |",
        fingerprint(EVENTS),
    ):
        assert text in card
    assert "rejection at the target" not in card
    assert "Checksums" not in card
    assert "        start: trigger - 20\n" in card
    assert "drawn from the runs" not in card
    named = card_of(ABOUT.model_copy(update={"named_runs": [1, 2]}))
    assert "The sample is drawn from the runs 1, 2 alone, as its settings say." in named
    checked = ABOUT.model_copy(update={"checksums": {1: {"a.root": "adler32:11e60398"}}})
    assert "- run 1, a.root: `adler32:11e60398`" in card_of(checked)
    silent = card_of(diagnosis=DIAGNOSIS | {"warnings": []})
    assert "None of these fired." in silent
    assert "balanced accuracy" not in card and "largest class" not in card
    unequal = card_of(metrics=METRICS | {"majority": 0.6})
    assert "Guessing the largest class is right for 60.00 % of them." in unequal
    assert "| balanced accuracy | 0.8000 |" in unequal
    unknown = card_of(made=MADE | {"commit": None, "modified": None})
    assert "Written 2026-11-29T12:00:00+00:00; python 3.11" in unknown


def test_runs_that_are_left_out_are_named():
    reason = "run 2: raw/b.root: the file is cut short"
    card = card_of(left_out={2: reason, 9: "run 9: of another sample"})
    assert f"Run 2 is left out, because a file is missing or damaged:\n\n- {reason}\n" in card
    assert "run 9" not in card
    assert "left out" not in card_of()


@pytest.mark.parametrize(
    "evil", ["<script>", '"><img src=x>', "[a](javascript:b)", "x\n# y", "`", r"$\frac{$"]
)
def test_no_text_of_the_configuration_is_html_or_markdown(evil):
    about = ABOUT.model_copy(
        update={
            "title": evil,
            "cuts": {1: {"signal": {evil: f"a < 1 `` {evil}"}}},
            "settings": {"file": f"x\n\n```\n\n{evil}"},
            "inputs": {"wave": {"branches": [evil]}},
        }
    )
    card = card_of(about, DIAGNOSIS | {"warnings": [evil]})
    lines = [line for line in card.splitlines() if not line.startswith("    ")]
    outside = re.sub(r"(`+)(?!`).*?(?<!`)\1(?!`)", "", "\n".join(lines).replace("\\`", ""))
    assert not re.search(r"(?<!\\)[<\[`$]", outside)
    assert [line for line in lines if line.startswith("# ")] == ["# dnn on crystal7, seed 4"]


def test_the_fingerprint_is_that_of_the_sample_in_any_order():
    assert fingerprint(EVENTS) == fingerprint(EVENTS.iloc[::-1])
    assert fingerprint(EVENTS) != fingerprint(EVENTS.assign(split="train"))


def test_script_writes_the_card_of_its_files(tmp_path, monkeypatch):
    EVENTS.to_parquet(tmp_path / "events.parquet")
    (tmp_path / "diagnosis.json").write_text(json.dumps(DIAGNOSIS))
    (tmp_path / "metrics.json").write_text(json.dumps({"seeds": {"4": METRICS}}))
    others = [POINTS.assign(seed=4, against="truth"), POINTS.assign(seed=5, against="label")]
    points = pd.concat([POINTS.assign(seed=4, against="label"), *others])
    points.to_csv(tmp_path / "points.csv", index=False)
    layers = [
        {
            "class_name": "InputLayer",
            "config": {"name": name, "batch_shape": [None, *one["shape"]], "dtype": one["dtype"]},
        }
        for name, one in SIGNATURE["inputs"].items()
    ]
    with zipfile.ZipFile(tmp_path / "model.keras", "w") as archive:
        archive.writestr("config.json", json.dumps({"config": {"layers": layers}}))
    names = {"events": "events.parquet", "points": "points.csv", "model": "model.keras"}
    files = {name: tmp_path / file for name, file in names.items()}
    facts = [tmp_path / "diagnosis.json", tmp_path / "metrics.json"]
    words = ("order", "unit")
    described = {
        name: {word: one[word] for word in words} for name, one in SIGNATURE["inputs"].items()
    }
    job = SimpleNamespace(
        log=[tmp_path / "log"],
        input=SimpleNamespace(**files, facts=facts, cutflow=[]),
        output=SimpleNamespace(card=tmp_path / "card.md"),
        # As a rule hands it over: JSON has no keys that are numbers.
        params=SimpleNamespace(about=json.loads(ABOUT.model_dump_json()), inputs=described),
    )
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")
    write_card_script.main(job)
    made = {"date": "1970-01-01T00:00:00+00:00", **commit_of(), "versions": versions()}
    assert (tmp_path / "card.md").read_text() == card_of(made=made)
