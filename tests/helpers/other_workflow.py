"""Somebody else's workflow, of which runsieve is a module: its Snakefile, settings, run sheet."""

import textwrap
from collections.abc import Iterable
from pathlib import Path

import yaml

from helpers.checkout import ROOT, Checkout

ANALYSIS = "noise"
SHEET = "run\tkind\tfiles\tevents\n1601\tcalibration\t\t800\n1858\tphysics\t\t1200\n"
SETTINGS = {"analyses": [ANALYSIS], "folder": "crystals", "scale": "full"}
SNAKEFILE = """
configfile: "settings.yaml"


rule summary:
    input:
        "{results}/noise/reports/comparison.csv",
    output:
        "summary.csv",
    shell:
        "head -n 1 {{input}} > {{output}}"


rule broken:
    input:
        "summary.csv",
    shell:
        "exit 3"


{modules}


onsuccess:
    {first}.onsuccess()


onerror:
    {first}.onerror()
"""


def module(name: str, settings: str = "", rules: str | None = None) -> str:
    """A `module` statement, and one that uses its rules, renamed after the module by default."""
    return textwrap.dedent(f"""
        module {name}:
            snakefile:
                "{ROOT}/Snakefile"
            config:
                config["sieve"]
            {settings}

        use rule * from {name} as {rules or f"{name}_*"}
        """)


def write_other_workflow(folder: Path) -> Checkout:
    """A folder with settings, an analysis of two simulated runs and their sheet, all its own."""
    for name in ("analyses", "runs"):
        (folder / "crystals" / name).mkdir(parents=True)
    analysis = yaml.safe_load((ROOT / "config/analyses/cosine.yaml").read_text(encoding="utf-8"))
    for key in ("demo", "shifts", "oracle", "truth"):
        del analysis[key]
    analysis["samples"] = {"crystal3": {"channels": [3], "balance": "undersample"}}
    analysis["models"] = {"energy_only": analysis["models"]["energy_only"]}
    analysis.pop("searches", None)
    analysis["report"]["bootstrap"] = 50
    del analysis["report"]["contaminated"]
    text = yaml.safe_dump(analysis, sort_keys=False)
    (folder / f"crystals/analyses/{ANALYSIS}.yaml").write_text(text, encoding="utf-8")
    (folder / f"crystals/runs/{ANALYSIS}.tsv").write_text(SHEET, encoding="utf-8")
    (folder / "settings.yaml").write_text(yaml.safe_dump({"sieve": SETTINGS}), encoding="utf-8")
    return Checkout(folder)


def use(other: Checkout, modules: Iterable[str], first: str, results: str) -> None:
    """Write its Snakefile with these `module` statements, and a rule that reads the results."""
    text = SNAKEFILE.format(modules="\n".join(modules), first=first, results=results)
    (other.folder / "Snakefile").write_text(text, encoding="utf-8")
