"""Frozen samples: their runs are those that they were drawn from."""

import json
import re
from pathlib import Path

import pytest

from helpers.plans import ROOTS, RUNS, plan_of
from runsieve import layout
from runsieve.errors import RunsieveError
from runsieve.plan.targets import frozen_samples, undrawn_samples

FROZEN = {"samples": {"all": {"freeze": True}}}


@pytest.fixture
def drawn(tmp_path):
    """The plan of a frozen sample that was drawn from run 1 alone, with 2 in the run sheet."""
    plan = plan_of(FROZEN, roots=ROOTS | {"results": str(tmp_path)})
    for template in (layout.SAMPLE_EVENTS, layout.DRAWN, layout.SAMPLE_DIGEST):
        path = Path(plan.path(template, sample="all"))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({"runs": [1]}))
    return plan


def test_events_are_read_of_the_runs_of_the_sample_alone(drawn):
    assert drawn.sample_runs("all") == [1, 2]
    assert drawn.drawn_runs("all") == [1]
    assert list(drawn.gathered_files("all", "waveform")) == [1]


def test_the_card_names_no_cuts_of_today(drawn):
    assert (about := drawn.about("all", "small", 4))["frozen"]
    assert about["cuts"] == {}
    assert set(plan_of().about("all", "small", 4)["cuts"]) == {"1", "2"}


def test_freezing_does_not_change_what_is_drawn(drawn):
    assert drawn.sample("all") == plan_of().sample("all")


def test_a_sample_that_was_never_drawn(drawn):
    Path(drawn.path(layout.DRAWN, sample="all")).unlink()
    (sentence,) = undrawn_samples([drawn])
    assert re.fullmatch(
        r"study: samples.all.freeze: the sample was never drawn, there is no \S+/drawn.csv; run "
        "`snakemake samples` before it is frozen",
        sentence,
    )
    with pytest.raises(RunsieveError, match=r"samples\.all\.freeze"):
        drawn.drawn_runs("all")


def test_a_sample_that_has_lost_a_run(drawn):
    fewer = plan_of(FROZEN, RUNS[1:], roots=drawn.roots)
    (sentence,) = undrawn_samples([fewer, plan_of()])
    assert "the sample holds events of run 1, of which no class takes events any more" in sentence


def test_no_rule_draws_a_frozen_sample(drawn):
    pattern = rf"(?!{frozen_samples({'study': drawn, 'other': plan_of(name='other')})})\w+"
    found = [
        name
        for name in ("study/samples/all/", "study/samples/all2/", "other/samples/all/")
        if re.match(pattern, name)
    ]
    assert found == ["study/samples/all2/", "other/samples/all/"]
    assert frozen_samples({"study": plan_of()}) == "(?!)"
