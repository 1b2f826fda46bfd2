"""Displays of single events as the rules see them."""

from pathlib import Path

import pytest

from helpers.plans import plan_of
from runsieve import layout
from runsieve.plan.displays import found_galleries, found_scores


@pytest.mark.parametrize("absolute", [False, True])
def test_a_display_shows_the_scores_and_galleries_that_are_there(tmp_path, monkeypatch, absolute):
    monkeypatch.chdir(tmp_path)
    results = str(tmp_path / "results") if absolute else "results"
    plan = plan_of(roots={"data": "data", "results": results})
    assert found_scores(plan, 1) == found_galleries(plan, 1) == {}
    scores = plan.path(layout.SCORES, sample="all", model="bins", seed=4)
    gallery = plan.path(layout.GALLERY, sample="all")
    for path in (scores, gallery):
        Path(path).parent.mkdir(parents=True)
        Path(path).touch()
    for found, path in ((found_scores, scores), (found_galleries, gallery)):
        (shown,) = found(plan, 1).values()
        # Another path than that of the job that writes the file, so that no job is started.
        assert shown != path and Path(shown).samefile(path)
    assert list(found_scores(plan, 1)) == ["bins on all"]
    assert list(found_galleries(plan, 1)) == ["all"]
    assert found_scores(plan, 3) == {}  # no sample takes events from it
