"""The figure of the contamination draws the numbers of its table."""

import numpy as np
import pandas as pd
import pytest

from helpers.mixtures import edges_of, toys
from runsieve.evaluation.contamination import contamination_table
from runsieve.figures.contamination import draw_contamination
from runsieve.figures.described import Described
from runsieve.figures.style import save


def tables_of(binned=True, truth=True):
    parts = []
    for seed, model in ((4, "dense"), (5, "cnn")):
        test, like = toys(seed, 60, 0.4)
        binning = ("x", np.append(edges_of(4), 5)) if binned else (None, None)
        table = contamination_table(test, *binning, {}, signal_like=like if truth else None)
        parts.append(table.assign(model=model))
    return pd.concat(parts, ignore_index=True)


def test_a_model_far_above_the_lowest_is_left_out():
    table = tables_of()
    useless = table[table["model"] == "cnn"].assign(model="energy_only")
    for end in ("", "_low", "_high"):
        useless[f"contamination_estimated{end}"] = 1.0
    figure = draw_contamination(pd.concat([useless, table]), "x [keV]", Described("name"))
    labels = figure.axes[-1].get_legend_handles_labels()[1]
    assert labels[:2] == ["dense", "cnn"] and "energy_only" not in labels
    assert len(figure.axes[0].containers) == 2


@pytest.mark.parametrize("binned", [True, False])
@pytest.mark.parametrize("truth", [True, False])
def test_figure_shows_each_model_and_what_is_known(tmp_path, binned, truth):
    table = tables_of(binned, truth)
    figure = draw_contamination(table, "x [keV]", Described("name"))
    save(figure, tmp_path / "contamination.svg")
    assert (tmp_path / "contamination.svg").read_text().rstrip().endswith("</svg>")
    labels = figure.axes[-1].get_legend_handles_labels()[1]
    assert labels == ["dense", "cnn", "at the stricter cut", *["truth"] * truth]
    assert len(figure.axes) == 1 + binned
    assert figure.axes[0].get_xlabel() == ("x [keV]" if binned else "")
    whole = table.groupby("model", sort=False)["contamination_estimated"].last()
    drawn = [bars.lines[0].get_ydata()[0] for bars in figure.axes[-1].containers[:2]]
    np.testing.assert_array_equal(drawn, whole)
    if binned:
        for bars, (_, part) in zip(
            figure.axes[0].containers, table.groupby("model", sort=False), strict=True
        ):
            expected = part["contamination_estimated"].to_numpy()[:-1]
            drawn = np.asarray(bars.lines[0].get_ydata(), dtype=float)
            np.testing.assert_array_equal(drawn, expected)
    if binned and truth:
        (steps,) = figure.axes[0].patches
        first = table[table["model"] == "dense"]["contamination_true"][:-1]
        np.testing.assert_array_equal(steps.get_data().values, first)
