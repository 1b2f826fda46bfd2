"""Where the repository and the data of the tests lie."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "tests/data"
ANALYSES = ROOT / "config/analyses"
