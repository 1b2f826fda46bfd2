"""Write what other files determine: schema, tables of keys and rooms, environments, rule graph.

`make docs` runs it; a test fails while a committed file differs from what it would write.
"""

import ast
import csv
import importlib.metadata
import json
import re
import subprocess
import sys
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "scripts/runsieve"
sys.path[:0] = [str(ROOT / "scripts"), str(ROOT / "docs")]

import rooms  # noqa: E402

from runsieve.config.documentation import schema, tables  # noqa: E402
from runsieve.models import catalogue  # noqa: E402

MACHINE = {"python_version": "3.11", "python_full_version": "3.11.9", "sys_platform": "linux"}
# What the scripts of the rules import themselves.
READING = [
    "numpy",
    "scipy",
    "pandas",
    "pyarrow",
    "h5py",
    "xxhash",
    "uproot",
    "fsspec",
    "fsspec-xrootd",
    "xrootd",
    "awkward",
    "formulate",
    "pydantic",
    "scikit-learn",
    "skops",
    "threadpoolctl",
]
ENVIRONMENTS = {
    "runsieve": [*READING, "matplotlib", "pillow", "jinja2", "pyyaml", "cleanlab"],
    "scoring": [*READING, "keras", "tensorflow-cpu", "pillow"],
    "tensorflow": [
        "numpy",
        "scipy",
        "pandas",
        "pyarrow",
        "pydantic",
        "scikit-learn",
        "threadpoolctl",
        "keras",
        "tensorflow-cpu",
        "tensorboard",
    ],
    "tuning": [
        "numpy",
        "scipy",
        "pandas",
        "pyarrow",
        "pydantic",
        "pyyaml",
        "scikit-learn",
        "skops",
        "threadpoolctl",
        "keras",
        "tensorflow-cpu",
        "tensorboard",
        "optuna",
        "matplotlib",
    ],
    "onnx": [
        "numpy",
        "scipy",
        "pandas",
        "pyarrow",
        "pydantic",
        "scikit-learn",
        "threadpoolctl",
        "keras",
        "tensorflow-cpu",
        "onnx",
        "onnxruntime",
        "tf2onnx",
    ],
}

# Rules that need all results, whose arrows would hide the others.
LAST = ("all", "write_provenance", "summarise_resources")


def generated() -> dict[Path, str]:
    """File: what it should hold."""
    analysis = catalogue().analysis
    files = {ROOT / "config/schema.json": json.dumps(schema(analysis), indent=2) + "\n"}
    manual = ROOT / "config/README.md"
    files[manual] = _between(manual.read_text(), "keys", tables(analysis))
    architecture = ROOT / "docs/architecture.md"
    files[architecture] = _between(architecture.read_text(), "rooms", table_of_rooms())
    diagnoses = ROOT / "docs/diagnoses.md"
    files[diagnoses] = _between(diagnoses.read_text(), "rates", table_of_rates())
    intervals = ROOT / "docs/intervals.md"
    files[intervals] = _between(intervals.read_text(), "coverage", table_of_coverage())
    damage = ROOT / "docs/damage.md"
    files[damage] = _between(damage.read_text(), "fuzz", table_of_damage())
    readme = ROOT / "README.md"
    files[readme] = _between(readme.read_text(), "rule graph", f"```mermaid\n{rule_graph()}```\n")
    for name, packages in ENVIRONMENTS.items():
        files[ROOT / f"envs/{name}.yaml"] = environment(name, packages)
    return files


def table_of_rooms() -> str:
    """The rooms of the package in their order: what they hold, and what they may import."""
    lines = [
        "| room | holds | may import, besides the modules at the root |",
        "| --- | --- | --- |",
    ]
    for room in (*rooms.ROOMS, *rooms.BESIDE):
        earlier = sorted(rooms.allowed(room) - {"root", room}, key=_order)
        named = ", ".join(f"`{name}`" for name in earlier) or "nothing"
        lines.append(f"| `{room}/` | {summary(PACKAGE / room / '__init__.py')} | {named} |")
    lines += ["", "| module at the root | holds |", "| --- | --- |"]
    lines += [f"| `{name}` | {summary(PACKAGE / f'{name}.py')} |" for name in rooms.ROOT]
    lines += ["", "| above all rooms | holds |", "| --- | --- |"]
    lines += [f"| `models` | {summary(PACKAGE / 'models.py')} |"]
    lines += [f"| `plan/` | {summary(PACKAGE / 'plan/__init__.py')} |", ""]
    return "\n".join(lines)


def summary(path: Path) -> str:
    """First line of the docstring of a module."""
    return ast.get_docstring(ast.parse(path.read_text())).splitlines()[0]


def table_of_rates() -> str:
    """How often each diagnosis is wrong, as measured by benchmarks/diagnoses/rates.py."""
    lines = [
        "| diagnosis | without a fault | fires | with a fault | silent |",
        "| --- | --- | ---: | --- | ---: |",
    ]
    with (ROOT / "benchmarks/diagnoses/figures.csv").open(newline="") as file:
        for row in csv.DictReader(file):
            alarms, misses = (f"{row[key]} of {row['toys']}" for key in ("false_alarms", "misses"))
            cells = f"`{row['diagnosis']}`", row["healthy"], alarms, row["fault"], misses
            lines.append(f"| {' | '.join(cells)} |")
    return "\n".join([*lines, ""])


def table_of_coverage() -> str:
    """How often intervals hold the true value, as measured by benchmarks/coverage/coverage.py."""
    lines = ["| interval | case | events | toys | coverage |", "| --- | --- | ---: | ---: | ---: |"]
    with (ROOT / "benchmarks/coverage/figures.csv").open(newline="") as file:
        for row in csv.DictReader(file):
            coverage, error = (100 * float(row[key]) for key in ("coverage", "error"))
            cells = row["interval"], row["case"], row["events"], row["toys"]
            lines.append(f"| {' | '.join(cells)} | {coverage:.1f} ± {error:.1f} % |")
    return "\n".join([*lines, ""])


def table_of_damage() -> str:
    """What became of files with one flipped byte, as measured by benchmarks/fuzz/fuzz.py."""
    with (ROOT / "benchmarks/fuzz/figures.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    counted = [name for name in rows[0] if name not in ("layout", "compression")]
    lines = [
        f"| layout | compression | {' | '.join(counted)} |",
        f"| --- | --- |{' ---: |' * len(counted)}",
    ]
    lines += [f"| {' | '.join(row.values())} |" for row in rows]
    total = (str(sum(int(row[name]) for row in rows)) for name in counted)
    return "\n".join([*lines, f"| all | | {' | '.join(total)} |", ""])


def _order(room: str) -> int:
    return (*rooms.ROOMS, *rooms.BESIDE).index(room)


def rule_graph() -> str:
    """The rules and what flows between them, as a mermaid flow chart."""
    command = [sys.executable, "-m", "snakemake", "--rulegraph", "mermaid-js", "--forceall"]
    made = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    names = dict(re.findall(r"(\w+)\[(\w+)\]", made))
    arrows = sorted((names[a], names[b]) for a, b in re.findall(r"(\w+) --> (\w+)", made))
    lines = [f"    {a} --> {b}" for a, b in arrows if b not in LAST]
    return "\n".join(["flowchart TB", *lines, ""])


def environment(name: str, packages: list[str]) -> str:
    """A conda environment with the versions of the lock file, of all that the packages need."""
    pins = "".join(f"      - {package}=={locked(package)}\n" for package in needed(packages))
    return (
        f"# Written by `make docs` from requirements.lock; used with `snakemake --sdm conda`.\n"
        f"name: {name}\nchannels:\n  - conda-forge\n  - nodefaults\n"
        f"dependencies:\n  - python=3.11\n  - pip\n  - pip:\n{pins}"
    )


def needed(packages: list[str]) -> list[str]:
    """The packages, in their order, and then all that they need under Linux with Python 3.11."""
    found = dict.fromkeys(packages)
    waiting = [(package, "") for package in packages]
    for package, extra in waiting:  # grows meanwhile
        for text in importlib.metadata.requires(package) or []:
            requirement = Requirement(text)
            name = canonicalize_name(requirement.name)
            marker = requirement.marker
            if marker is None or marker.evaluate(MACHINE | {"extra": extra}):
                new = [(name, one) for one in ("", *requirement.extras)]
                waiting += [one for one in new if one not in waiting]
                found[name] = None
    return packages + sorted(set(found) - set(packages))


def locked(package: str) -> str:
    """Version of a package in the lock file, for Python 3.11."""
    lines = re.findall(
        rf"^{re.escape(package)}==(\S+)(.*)$", (ROOT / "requirements.lock").read_text(), re.M
    )
    return next(version for version, rest in lines if ">= '3.12'" not in rest)


def _between(text: str, marker: str, content: str) -> str:
    start, end = f"<!-- {marker}: written by make docs -->", f"<!-- end of {marker} -->"
    head, rest = text.split(start)
    return f"{head}{start}\n\n{content}\n{end}{rest.split(end)[1]}"


if __name__ == "__main__":
    for path, text in generated().items():
        path.write_text(text)
        print(f"wrote {path.relative_to(ROOT)}")
