"""Augmentation that does not go with its input is an error at load."""

from helpers.plans import ANALYSIS, plan_of
from runsieve.config.checks import check
from runsieve.config.load import merge
from runsieve.models import catalogue


def test_an_augmentation_that_does_not_go_with_its_input_is_named():
    tower = {"waveform": {"augmentation": {"flip": "both"}}}
    settings = catalogue().analysis.model_validate(
        merge(ANALYSIS, {"models": {"small": {"towers": tower}}})
    )
    assert (
        "models.small.towers.waveform.augmentation: flip is for pictures, the input has the shape "
        "[100]"
    ) in check(settings, plan_of().loaded.runs, "s.tsv")
