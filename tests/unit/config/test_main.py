"""config/config.yaml: which analyses run, and which events are drawn."""

import shutil

import pytest

from helpers.places import ROOT
from runsieve.config.load import load, read_main
from runsieve.errors import RunsieveError
from runsieve.models import catalogue


def test_mistakes_of_the_main_configuration(tmp_path, monkeypatch):
    shutil.copytree(ROOT / "config", tmp_path / "config")
    monkeypatch.chdir(tmp_path)
    for config, said in (
        ({"analysis": ["cosine"]}, "config/config.yaml: analysis: unknown key"),
        ({"scale": "demi"}, "config/config.yaml: scale: expected 'demo' or 'full'"),
        ({"analyses": ["cosin"]}, "config/analyses/cosin.yaml does not exist (did you mean"),
        ({"analyses": []}, "config/config.yaml: analyses: the list is empty"),
        ({"show": ["1/2"]}, "config/config.yaml: show: unknown key"),
        ({"figure_formats": ["gif"]}, "figure_formats.0: expected 'pdf' or 'png'"),
        ({"display": ["1-2"]}, "config/config.yaml: display.0: expected RUN/EVENT, found"),
    ):
        with pytest.raises(RunsieveError) as error:
            load(config, catalogue())
        assert said in str(error.value)


def test_events_to_draw_are_a_list_or_words():
    assert read_main({"display": ["1/2", "3/4"]}).display == ["1/2", "3/4"]
    assert read_main({"display": "1/2, 3/4"}).display == ["1/2", "3/4"]
    assert read_main({}).display == []


def test_formats_of_figures_are_a_list_or_words():
    assert read_main({"figure_formats": "png, pdf"}).figure_formats == ["png", "pdf"]
    assert read_main({}).figure_formats == []
