"""The figure to decide from: all models at one working point."""

import numpy as np
import pandas as pd
import pytest

from runsieve.figures.decision import draw_decision
from runsieve.figures.described import Described
from runsieve.figures.style import save

MODELS = ["oracle", "cnn", "dense"]


def rows(model, name, efficiency, binned=True, threshold=0.6):
    bins = len(efficiency)
    return pd.DataFrame(
        {
            "model": model,
            "threshold": threshold,
            "class": name,
            "variable": "energy" if binned else None,
            "low": np.arange(bins, dtype=float) if binned else np.nan,
            "high": np.arange(bins) + 1.0 if binned else np.nan,
            "total": 50,
            "efficiency": efficiency,
            "efficiency_low": np.subtract(efficiency, 0.05),
            "efficiency_high": np.add(efficiency, 0.02),
        }
    )


def table_of(classes, binned=True, models=MODELS):
    parts = []
    for place, model in enumerate(models):
        for index, name in enumerate(classes):
            values = np.array([0.8, 0.9, 0.96])[: 3 if binned else 1] - 0.02 * place - 0.1 * index
            parts.append(rows(model, name, values, binned, 0.5 + 0.1 * place))
    return pd.concat(parts, ignore_index=True)


def labels(figure):
    return [text.get_text() for text in figure.legends[0].get_texts()]


def values(axes):
    return [np.asarray(points.lines[0].get_ydata(), dtype=float) for points in axes.containers]


def test_efficiency_background_and_ratio_of_all_models():
    table = table_of(["s", "b"])
    named = Described("all", simulated=True)
    figure = draw_decision(table, "signal efficiency 90 %", "energy [keV]", named, "oracle")
    top, middle, bottom = figure.axes
    of = {
        name: [table[(table["model"] == model) & (table["class"] == name)] for model in MODELS]
        for name in ("s", "b")
    }
    for found, part in zip(values(top), of["s"], strict=True):
        np.testing.assert_allclose(found, part["efficiency"])
    for found, part in zip(values(middle), of["b"], strict=True):
        np.testing.assert_allclose(found, 1 - part["efficiency"])
    best = of["s"][0]["efficiency"].to_numpy()
    for found, part in zip(values(bottom), of["s"][1:], strict=True):
        np.testing.assert_allclose(found, part["efficiency"] / best)
    assert [axes.get_ylabel() for axes in figure.axes] == [
        *("signal efficiency", "background left", "ratio to oracle")
    ]
    assert top.get_title(loc="left") == "thresholds for signal efficiency 90 %"
    assert labels(figure) == [*("oracle (score ≥ 0.5)", "cnn (score ≥ 0.6)", "dense (score ≥ 0.7)")]
    assert bottom.get_xlabel() == "energy [keV]"
    assert [text.get_text() for text in figure.texts] == ["Simulation", "all, 300 test events"]


def test_intervals_of_the_background_left_change_their_ends():
    middle = draw_decision(table_of(["s", "b"]), "x", "energy").axes[1]
    ((low, high), *_) = middle.containers[0].lines[2][0].get_segments()
    assert low[1] == pytest.approx(1 - 0.72) and high[1] == pytest.approx(1 - 0.65)


def test_models_do_not_hide_each_other():
    top = draw_decision(table_of(["s", "b"]), "x", "energy").axes[0]
    places = np.array([points.lines[0].get_xdata() for points in top.containers])
    assert (np.diff(places, axis=0) > 0.1).all()
    assert (np.floor(places) == np.arange(3)).all()


@pytest.mark.parametrize("oracle", [None, "oracle"])
def test_without_an_oracle_there_is_no_ratio(oracle):
    figure = draw_decision(table_of(["s", "b"], models=["cnn", "dense"]), "x", "e", oracle=oracle)
    assert [axes.get_ylabel() for axes in figure.axes] == ["signal efficiency", "background left"]


def test_an_oracle_that_keeps_nothing_has_no_ratio_there():
    table = table_of(["s", "b"])
    table.loc[0, ["efficiency", "efficiency_low"]] = 0
    bottom = draw_decision(table, "x", "e", oracle="oracle").axes[2]
    assert np.isnan(values(bottom)[0]).tolist() == [True, False, False]


@pytest.mark.parametrize("classes", [["s", "b"], ["a", "b", "c"]])
@pytest.mark.parametrize("binned", [True, False])
def test_it_draws_with_and_without_bins_and_for_several_classes(tmp_path, classes, binned):
    figure = draw_decision(table_of(classes, binned), "most probable class", "", oracle="oracle")
    save(figure, tmp_path / "decision.svg")
    text = (tmp_path / "decision.svg").read_text(encoding="utf-8")
    assert "most probable class" in text
    # Each of several classes has a threshold of its own.
    assert labels(figure)[0] == ("oracle (score ≥ 0.5)" if len(classes) == 2 else "oracle")
    if not binned:
        (axes,) = figure.axes
        rows = ["signal efficiency", "background left"] if len(classes) == 2 else classes
        assert [label.get_text() for label in axes.get_yticklabels()] == rows
        assert len(axes.containers) == len(rows) * len(MODELS)
