"""The figure to decide from: all models at one working point."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_rgba

from runsieve.evaluation.merged_bins import FEW, merged
from runsieve.figures.decision import draw_decision, far_behind
from runsieve.figures.described import Described
from runsieve.figures.style import GREY, save
from runsieve.intervals import clopper_pearson

MODELS = ["oracle", "cnn", "dense"]


def rows(model, name, efficiency, binned=True, threshold=0.6, total=50):
    bins, passed = len(efficiency), np.rint(np.multiply(efficiency, total))
    low, high = clopper_pearson(passed, np.broadcast_to(total, bins))
    return pd.DataFrame(
        {
            "model": model,
            "working_point": "efficiency90",
            "threshold": threshold,
            "class": name,
            "variable": "energy" if binned else None,
            "low": np.arange(bins, dtype=float) if binned else np.nan,
            "high": np.arange(bins) + 1.0 if binned else np.nan,
            "total": total,
            "passed": passed.astype(int),
            "efficiency": passed / total,
            "efficiency_low": low,
            "efficiency_high": high,
        }
    )


def with_others(table):
    """What each class takes of the others in a bin: an equal part of all that they lose."""
    bins = table.groupby(["model", "low"], dropna=False)
    lost = (table["total"] - table["passed"]).groupby([table["model"], table["low"]], dropna=False)
    others = bins["total"].transform("sum") - table["total"]
    taken = (lost.transform("sum") - (table["total"] - table["passed"])) // (
        table["class"].nunique() - 1
    )
    low, high = clopper_pearson(taken, others)
    return table.assign(
        others=others, others_passed=taken, left=taken / others, left_low=low, left_high=high
    )


def table_of(classes, binned=True, models=MODELS):
    parts = []
    for place, model in enumerate(models):
        for index, name in enumerate(classes):
            values = np.array([0.8, 0.9, 0.96])[: 3 if binned else 1] - 0.02 * place - 0.1 * index
            parts.append(rows(model, name, values, binned, 0.5 + 0.1 * place))
    return with_others(pd.concat(parts, ignore_index=True))


def labels(figure):
    return [text.get_text() for text in figure.legends[0].get_texts()]


def values(axes):
    return [np.asarray(points.lines[0].get_ydata(), dtype=float) for points in axes.containers]


def steps(axes):
    """Lines that are not filled, by their label."""
    found = [patch for patch in axes.patches if not patch.get_fill()]
    return {patch.get_label().split(" ")[0]: patch.get_data() for patch in found}


def test_efficiency_background_and_ratio_of_all_models():
    table = table_of(["s", "b"])
    named = Described("all", simulated=True)
    figure = draw_decision(table, "thresholds for 90 %", "energy [keV]", named, "oracle")
    top, middle, bottom = figure.axes
    of = {
        name: [table[(table["model"] == model) & (table["class"] == name)] for model in MODELS]
        for name in ("s", "b")
    }
    for found, part in zip(values(top), of["s"][1:], strict=True):
        np.testing.assert_allclose(found, part["efficiency"])
    for found, part in zip(values(middle), of["b"][1:], strict=True):
        np.testing.assert_allclose(found, 1 - part["efficiency"])
    np.testing.assert_allclose(steps(top)["oracle"].values, of["s"][0]["efficiency"])
    np.testing.assert_allclose(steps(middle)["oracle"].values, 1 - of["b"][0]["efficiency"])
    (band,) = [patch for patch in top.patches if patch.get_fill()]
    np.testing.assert_allclose(band.get_data().values, of["s"][0]["efficiency_high"])
    np.testing.assert_allclose(band.get_data().baseline, of["s"][0]["efficiency_low"])
    best = of["s"][0]["efficiency"].to_numpy()
    for found, part in zip(values(bottom), of["s"][1:], strict=True):
        np.testing.assert_allclose(found, part["efficiency"] / best)
    assert [axes.get_ylabel() for axes in figure.axes] == [
        *("signal efficiency", "background left", "ratio to oracle")
    ]
    assert top.get_title(loc="left") == "thresholds for 90 %"
    assert labels(figure) == [*("oracle (score ≥ 0.5)", "cnn (score ≥ 0.6)", "dense (score ≥ 0.7)")]
    assert bottom.get_xlabel() == "energy [keV]"
    assert [text.get_text() for text in figure.texts] == ["Simulation", "all, 300 test events"]


def test_intervals_of_the_background_left_change_their_ends():
    middle = draw_decision(table_of(["s", "b"]), "x", "energy").axes[1]
    ((low, high), *_) = middle.containers[0].lines[2][0].get_segments()
    ends = clopper_pearson(35, 50)  # the efficiency of rejecting it is 0.7
    assert [low[1], high[1]] == pytest.approx([1 - ends[1], 1 - ends[0]])


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
        rows = [*classes, *(f"others as {name}" for name in classes)]
        rows = ["signal efficiency", "background left"] if len(classes) == 2 else rows
        assert [label.get_text() for label in axes.get_yticklabels()] == rows
        assert len(axes.containers) == len(rows) * len(MODELS)


def test_each_of_several_classes_has_what_it_takes_of_the_others():
    table = table_of(["a", "b", "c", "d"], models=["cnn", "dense"])
    figure = draw_decision(table, "x", "energy")
    assert len(figure.axes) == 8
    of = [table[(table["model"] == "cnn") & (table["class"] == one)] for one in "abcd"]
    kept = [values(axes)[0] for axes in figure.axes if axes.get_title(loc="left")]
    taken = [values(axes)[0] for axes in figure.axes if not axes.get_title(loc="left")]
    np.testing.assert_allclose(kept, [part["efficiency"] for part in of])
    np.testing.assert_allclose(taken, [part["left"] for part in of])
    assert {axes.get_ylabel() for axes in figure.axes} == {"efficiency", "others left", ""}


def test_models_that_leave_much_more_background_are_grey_lines():
    parts = [table_of(["s", "b"], models=["oracle", "cnn"])]
    parts += [
        with_others(
            pd.concat([rows("bins", "s", [0.8, 0.9, 0.96]), rows("bins", "b", [0.1, 0.2, 0.3])])
        )
    ]
    table = pd.concat(parts, ignore_index=True)
    assert far_behind(table, "oracle") == ["bins"]
    assert far_behind(table_of(["s", "b"])) == []
    *panels, ratio = draw_decision(table, "x", "e", oracle="oracle").axes
    assert len(values(ratio)) == 1 and set(steps(ratio)) == {"oracle"}
    for axes in panels:
        assert len(values(axes)) == 1 and set(steps(axes)) == {"oracle", "bins"}
        (line,) = [patch for patch in axes.patches if patch.get_label().startswith("bins")]
        assert line.get_edgecolor() == to_rgba(GREY)


def test_the_oracle_is_not_what_others_are_measured_by():
    parts = [rows("oracle", one, [0.98, 0.98, 0.98]) for one in ("s", "b")]
    parts += [rows("cnn", one, [0.8, 0.8, 0.8]) for one in ("s", "b")]
    assert far_behind(pd.concat(parts), "oracle") == []


def test_bins_with_few_events_are_drawn_together():
    total = [9, 11, 20, 50, 5]
    parts = [
        rows(model, one, efficiency, total=np.array(total) * scale)
        for model, efficiency in (("a", [0, 1, 0.5, 0.9, 0.2]), ("b", [1, 1, 1, 1, 1]))
        for one, scale in (("s", 1), ("b", 3))
    ]
    found = merged(with_others(pd.concat(parts, ignore_index=True)))
    assert len(found) == 2 * 2 * 3
    first = found[(found["model"] == "a") & (found["class"] == "s")]
    # 20 in the first two, 20 in the third, and the last ones, which are too few, with the fourth.
    assert first["low"].tolist() == [0, 2, 3] and first["high"].tolist() == [2, 3, 5]
    assert first["total"].tolist() == [20, 20, 55] and first["passed"].tolist() == [11, 10, 46]
    assert first["efficiency"].tolist() == pytest.approx([11 / 20, 0.5, 46 / 55])
    low, high = clopper_pearson(first["passed"], first["total"])
    assert first["efficiency_low"].tolist() == low.tolist()
    assert first["efficiency_high"].tolist() == high.tolist()
    # Of the background, 3 of 3, then half of 60, and of 150 and 15, is taken for the signal.
    assert first["others"].tolist() == [60, 60, 165]
    assert first["others_passed"].tolist() == [27, 30, 27]
    assert first["left"].tolist() == pytest.approx([27 / 60, 0.5, 27 / 165])
    assert (found.groupby(["class", "low"])["total"].min() >= FEW).all()


def test_fewer_events_than_a_bin_needs_are_one_bin():
    table = with_others(pd.concat([rows("a", one, [0.5, 1], total=2) for one in ("s", "b")]))
    assert merged(table)["low"].tolist() == [0, 0]


def test_weighted_events_are_drawn_in_their_own_bins():
    table = pd.concat([rows("a", one, [0.5, 1], total=2) for one in ("s", "b")])
    weighted = table.assign(efficiency=[0.4, 1, 0.3, 1])
    assert merged(weighted).equals(weighted)
