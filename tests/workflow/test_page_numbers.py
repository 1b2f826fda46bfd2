"""Every number in the tables of the page is that of the file that the table names."""

from pathlib import Path

import pandas as pd
import pytest

from helpers.page_tables import Tables, compare, parsed, read_tables

pytestmark = pytest.mark.workflow


@pytest.fixture(scope="module")
def results(finished) -> Path:
    return finished.folder / "results"


@pytest.fixture(scope="module")
def tables(results) -> Tables:
    return read_tables(results / "index.html")


def test_every_number_is_that_of_its_file(tables, results):
    compared, wrong = compare(tables.cells, results)
    assert wrong == []
    assert compared > 300
    assert tables.tables > 20


def test_seeds_are_counted(tables, results):
    counts = [cell for cell in tables.cells if cell.column == "count"]
    paths = sorted(results.glob("*/reports/comparison.csv"))
    seeds = [text for path in paths for text in pd.read_csv(path, dtype={"seeds": str})["seeds"]]
    assert sorted(int(cell.value) for cell in counts) == sorted(len(one.split()) for one in seeds)


@pytest.mark.parametrize(
    ("text", "number", "half"),
    [
        ("1\u2009898", 1898, 0.5),
        ("\u22120.50", -0.5, 0.005),
        ("1e\u22126", 1e-6, 5e-7),
        ("±\u20090.012", 0.012, 5e-4),
    ],
)
def test_numbers_are_read(text, number, half):
    assert parsed(text) == pytest.approx((number, half))
