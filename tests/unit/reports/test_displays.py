"""Displays of the events of a gallery."""

import pandas as pd

from runsieve.reports.page.displays import displays_of
from runsieve.reports.page.reading import Reader

GALLERY = pd.DataFrame({"run": [1, 1, 2], "event": [17, 17, 3], "class": ["a", "b", "a"]})


def test_displays_that_exist_are_linked_and_others_have_a_command(tmp_path):
    place = str(tmp_path / "displays/run{run}/event{event}.png")
    found = displays_of(GALLERY, place, Reader(tmp_path))
    assert found.drawn == {}
    assert found.command == "snakemake displays --config 'display=1/17,2/3'"
    (tmp_path / "displays/run1").mkdir(parents=True)
    (tmp_path / "displays/run1/event17.png").touch()
    found = displays_of(GALLERY, place, Reader(tmp_path))
    assert found.drawn == {"1/17": "displays/run1/event17.png"}
    assert found.command == "snakemake displays --config 'display=2/3'"
    assert displays_of(GALLERY.head(2), place, Reader(tmp_path)).command == ""
