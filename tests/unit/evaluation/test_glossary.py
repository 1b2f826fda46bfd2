"""Everything in a summary is explained beside it, and nothing else is."""

import pytest

from helpers.scored_examples import POINTS, random_predictions
from runsieve.config.report import Report
from runsieve.evaluation.glossary import METRICS, described
from runsieve.reports.model_report import Described, ModelReport, judge


def report(classes):
    judged = judge(random_predictions(classes), Report(bootstrap=10), POINTS, 1)
    return ModelReport(Described("", {}), {1: judged}).metrics


@pytest.mark.parametrize("classes", [["s", "b"], ["a", "b", "c"]])
def test_every_key_metric_and_interval_of_the_file_is_explained(classes):
    content = report(classes)
    about, summary = content["about"], content["seeds"]["1"]
    assert {*about["keys"]} == {"seeds", *summary} - {"classes", "seed"}
    assert {*about["metrics"]} == {*summary["metrics"]} <= {*METRICS}
    assert {*about["intervals"]} == {one["interval"] for one in summary["metrics"].values()}


def test_values_are_within_the_limits_that_are_stated():
    for name, one in report(["s", "b"])["seeds"]["1"]["metrics"].items():
        low, high = METRICS[name].limits
        assert low <= one["value"] <= high


def test_sentences_say_which_way_is_better():
    sentences = described({"metrics": {"auc": {}, "log_loss": {}}})["metrics"]
    assert sentences["auc"].endswith("From 0 to 1; higher is better.")
    assert sentences["log_loss"].endswith("At least 0; lower is better.")
