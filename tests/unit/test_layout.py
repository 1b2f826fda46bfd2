"""Paths of files: each belongs to one template, and each rule has a log and a benchmark."""

import re

import pytest

from helpers.places import ROOT
from runsieve import layout
from runsieve.reports.registry import FIGURES, TABLES

FOLDERS = ("ANALYSIS", "SAMPLE", "MODEL", "TEST", "REPORTS", "MODEL_REPORT")
NAMED = {
    name: value
    for name, value in vars(layout).items()
    if name.isupper() and isinstance(value, str) and not name.startswith("_")
}
# Names and numbers that could be taken for a part of a path.
WORDS = ("a", "samples", "models", "reports", "events", "seed1", "run1", "scores", "roc", "_")
NUMBERS = (1, 12)
FORMATS = ("pdf", "png")
RULE = re.compile(r"^(?:use rule \w+ as |rule )(\w+)(?: with)?:$(.*?)(?=^\S|\Z)", re.M | re.S)


def templates() -> list[str]:
    """All templates of files, figures with all of their endings."""
    figures = [value for name, value in NAMED.items() if name.endswith("_FIGURE")]
    figures += [layout.model_figure(name) for name in FIGURES]
    files = [
        value
        for name, value in NAMED.items()
        if name not in FOLDERS and not name.endswith("_FIGURE")
    ]
    files += [layout.table(name) for name in TABLES]
    return files + [file for figure in figures for file in layout.figure_files(figure, FORMATS)]


def wildcards(template: str) -> set[str]:
    return set(re.findall(r"{(\w+)}", template))


def filled(template: str, word: str, number: int) -> str:
    values = {
        name: number if pattern.startswith(r"\d+") else word
        for name, pattern in layout.WILDCARDS.items()
    }
    return layout.fill(template, **values)


def pattern(template: str) -> re.Pattern:
    """What Snakemake takes for a path of the template."""
    parts = re.split(r"{(\w+)}", template)
    texts = [
        f"(?:{layout.WILDCARDS[part]})" if place % 2 else re.escape(part)
        for place, part in enumerate(parts)
    ]
    return re.compile("".join(texts))


def rules() -> dict[str, str]:
    """Rule: its text, for the rules that run a script."""
    texts = [path.read_text() for path in sorted((ROOT / "rules").glob("*.smk"))]
    return {name: body for text in texts for name, body in RULE.findall(text)}


def test_templates_are_all_different():
    assert len(set(templates())) == len(templates())
    assert len(templates()) > 40


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("word", WORDS)
@pytest.mark.parametrize("sample", ["{sample}", "{sample}/fold1"])
def test_a_path_belongs_to_one_template(word, number, sample):
    named = [template.replace("{sample}", sample) for template in templates()]
    paths = [filled(template, word, number) for template in named]
    assert len(set(paths)) == len(paths)
    for template, path in zip(templates(), paths, strict=True):
        assert [one for one in templates() if pattern(one).fullmatch(path)] == [template]


def test_every_wildcard_has_a_constraint():
    found = set().union(*map(wildcards, [*templates(), *layout.JOBS.values()]))
    assert found == set(layout.WILDCARDS)


def test_every_rule_has_a_log_and_a_benchmark_of_its_own():
    for rule in layout.JOBS:
        assert layout.log(rule) == f"<logs>/{layout.JOBS[rule]}.log"
        assert layout.benchmark(rule) == f"<benchmarks>/{layout.JOBS[rule]}.jsonl"
        assert wildcards(layout.log(rule)) == wildcards(layout.benchmark(rule))
    for word in WORDS:
        paths = [filled(layout.log(rule), word, 1) for rule in layout.JOBS]
        assert len(set(paths)) == len(paths)


def test_jobs_are_those_of_the_rules():
    found = rules()
    assert found.keys() == layout.JOBS.keys()
    for name, body in found.items():
        assert f'layout.log("{name}")' in body
        assert f'layout.benchmark("{name}")' in body


def test_jobs_of_one_rule_have_logs_of_their_own():
    """Snakemake demands the same wildcards of outputs, log and benchmark."""
    for rule, body in rules().items():
        section = re.search(r"^    output:\n((?:        .*\n)+)", body, re.M)[1]
        outputs = [getattr(layout, name) for name in re.findall(r"layout\.([A-Z_]+)", section)]
        outputs += [layout.MODEL_REPORT] if "model_figure(" in section else []
        assert outputs, rule
        for output in outputs:
            assert wildcards(output) == wildcards(layout.log(rule)), rule


def test_logs_of_folds_are_their_own():
    of_samples = [rule for rule in layout.JOBS if "{sample}" in layout.log(rule)]
    of_whole = {"build_sample", "digest_column", "summarise_spectra", "find_duplicates"}
    of_whole |= {"gather_input"}
    logs = [
        filled(layout.fill(layout.log(rule), sample=sample), "fold1", 1)
        for rule in of_samples
        for sample in (["a"] if rule in of_whole else ["a", layout.fold("a", 1)])
    ]
    assert len(set(logs)) == len(logs) > len(of_samples)


def test_a_fold_is_a_sample():
    fold = layout.fold("a", 12)
    assert (fold, layout.whole(fold), layout.whole("a")) == ("a/fold12", "a", "a")
    for kind, names in {"whole": ["a"], "fold": [fold]}.items():
        assert [one for one in ("a", fold) if re.fullmatch(layout.SAMPLES[kind], one)] == names
    assert all(re.fullmatch(layout.WILDCARDS["sample"], one) for one in ("a", fold))
    assert not re.fullmatch(layout.WILDCARDS["sample"], "a/fold1/fold2")


def test_filling_leaves_what_is_not_named():
    assert layout.fill(layout.INPUT, analysis="a", sample="b") == (
        "<results>/a/samples/b/{input}.npy"
    )
    assert layout.fill(layout.RAW_RUN, run=7) == "<data>/{analysis}/run7.root"
    assert layout.fill(layout.PAGE, analysis="a") == layout.PAGE


def test_files_of_a_report():
    place = "<results>/{analysis}/reports/{sample}/{model}"
    assert layout.table("roc") == f"{place}/roc.csv"
    assert layout.figure_files(layout.model_figure("roc")) == [f"{place}/roc.svg"]


def test_figures_have_files_of_other_formats_on_request():
    figures = [f"a/roc.{ending}" for ending in ("svg", *FORMATS)]
    assert layout.figure_files("a/roc", FORMATS) == figures
    assert layout.in_formats(["a/roc.svg", "a/roc.csv"], []) == ["a/roc.svg", "a/roc.csv"]
    assert layout.in_formats(["a/roc.csv", "a/roc.svg"], FORMATS) == ["a/roc.csv", *figures]
