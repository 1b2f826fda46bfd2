"""Figures of an analysis: the comparison of its models, and its selection."""

import numpy as np
import pandas as pd
import pytest

from runsieve.figures.comparison import draw_comparison
from runsieve.figures.described import Described
from runsieve.figures.statistics import draw_cutflow, draw_statistics

SIMULATED = Described(titles={"s": "Signal"}, simulated=True)


def compared(*values):
    return pd.DataFrame(
        [
            {
                "sample": "all",
                "model": model,
                "auc_mean": auc,
                "auc_total_low": auc - 0.004,
                "auc_total_high": auc + 0.004,
                "events": 1000,
                "chosen": model == "cnn",
                "compatible": model in ("cnn", "oracle"),
                **{
                    f"auc_against_chosen{end}": np.nan if model == "cnn" else auc - 0.92 + more
                    for end, more in (("", 0), ("_low", -0.001), ("_high", 0.002))
                },
            }
            for model, auc in values
        ]
    )


def one_seed(table):
    return table[["sample", "model"]].assign(seed=1, value=table["auc_mean"])


def draw(table, seeds=None):
    seeds = one_seed(table) if seeds is None else seeds
    figure = draw_comparison(table, seeds, SIMULATED, "oracle", "bins")
    return figure.axes[0]


def test_differences_to_the_chosen_model_are_on_the_right():
    table = compared(("oracle", 0.93), ("cnn", 0.92), ("dense", 0.91), ("bins", 0.5))
    _, right = draw_comparison(table, one_seed(table), SIMULATED, "oracle", "bins").axes
    assert right.get_xlabel() == "AUC minus that of cnn"
    places = [
        (one.lines[0].get_xdata()[0], one.lines[0].get_ydata()[0]) for one in right.containers
    ]
    assert places == [(pytest.approx(0.01), 0), (pytest.approx(-0.01), 2)]
    assert [text.get_text() for text in right.texts] == [
        "+0.0100",
        "",
        "\u22120.0100",
        "\u22120.4200",
    ]
    (arrow,) = [line for line in right.lines if line.get_marker() == "<"]
    assert arrow.get_ydata()[0] == 3 and right.get_xlim()[0] == arrow.get_xdata()[0] < 0
    (segment,) = right.containers[0].lines[2][0].get_segments()
    assert segment[:, 0] == pytest.approx([0.009, 0.012])
    unchosen = table.assign(chosen=False, auc_against_chosen=np.nan)
    assert len(draw_comparison(unchosen, one_seed(table), SIMULATED).axes) == 1


def test_the_axis_starts_where_the_models_are():
    axes = draw(compared(("oracle", 0.93), ("cnn", 0.92), ("dense", 0.91), ("bins", 0.5)))
    low, high = axes.get_xlim()
    assert 0.9 < low < 0.906 and 0.934 < high < 0.94
    (arrow,) = [line for line in axes.lines if line.get_marker() == "<"]
    assert arrow.get_xdata()[0] == low and arrow.get_ydata()[0] == 3
    assert [text.get_text() for text in axes.texts] == ["0.9300", "0.9200", "0.9100", "0.5000"]
    names = [label.get_text() for label in axes.get_yticklabels()]
    assert names == ["oracle (compatible)", "cnn (chosen)", "dense", "bins (baseline)"]
    assert axes.get_title(loc="right") == "1\u2009000 test events"


def test_a_baseline_that_is_near_is_a_point():
    axes = draw(compared(("cnn", 0.92), ("dense", 0.90), ("bins", 0.89)))
    assert len(axes.containers) == 3
    assert axes.get_xlim()[0] < 0.886


def test_a_baseline_alone_is_a_point():
    assert len(draw(compared(("bins", 0.5))).containers) == 1


def test_several_seeds_are_marks_below_their_mean():
    table = compared(("cnn", 0.92), ("dense", 0.90))
    more = one_seed(table).iloc[[0, 0, 1]].assign(value=[0.915, 0.925, 0.9])
    found = [line for line in draw(table, more).lines if line.get_xdata()[0] == 0.915]
    (marks,) = found
    assert list(marks.get_xdata()) == [0.915, 0.925] and marks.get_marker() == "|"
    assert (marks.get_ydata() > 0).all() and (marks.get_ydata() < 0.5).all()


@pytest.mark.parametrize("classes", [["s", "b"], ["s", "b", "t"]])
def test_events_by_channel(classes):
    ratios = pd.DataFrame({"channel": [1, 2, "all"], **{one: [10, 30, 40] for one in classes}})
    ratios = ratios.assign(ratio_percent=[50.0] * 3, ratio_low=[48.0] * 3, ratio_high=[52.0] * 3)
    figure = draw_statistics(ratios, classes, "crystal", SIMULATED)
    assert len(figure.axes) == (2 if len(classes) == 2 else 1)
    bars = [[bar.get_height() for bar in container] for container in figure.axes[0].containers]
    assert bars == [[10, 30]] * len(classes)
    names = [label.get_text() for label in figure.axes[-1].get_xticklabels()]
    assert names == ["1", "2"] and figure.axes[-1].get_xlabel() == "crystal"
    assert figure.texts[1].get_text() == f"{40 * len(classes)} events"
    if len(classes) == 2:
        (share,) = figure.axes[1].get_legend().get_texts()
        assert share.get_text() == "all: 50.0 %"
        assert figure.axes[1].get_ylabel() == "Signal / all [%]"


def test_the_cut_flow_is_linear_with_both_efficiencies():
    flow = pd.DataFrame({"class": "s", "step": ["all", "energy"], "passed": [200, 50]})
    for name, value in (("efficiency", 25.0), ("efficiency_n_1", 80.0)):
        flow[name] = [float("nan"), value]
        flow[f"{name}_low"], flow[f"{name}_high"] = flow[name] - 1, flow[name] + 1
    left, right = draw_cutflow(flow, ["s", "b"], SIMULATED).axes
    assert left.get_xscale() == "linear" and left.get_title(loc="left") == "Signal"
    assert [bar.get_width() for bar in left.patches] == [200, 50]
    assert "50  (25 %)" in [text.get_text() for text in left.texts]
    assert [label.get_text() for label in left.get_yticklabels()] == ["all", "energy"]
    assert [points.lines[0].get_xdata()[1] for points in right.containers] == [25, 80]
    assert [points.get_label() for points in right.containers] == ["of the step", "N-1"]
    assert [text.get_text() for text in right.texts] == ["", "25.0, 80.0"]
