"""The figure of the contamination draws the numbers of its table."""

import numpy as np
import pytest

from helpers.mixtures import edges_of, toys
from runsieve.evaluation.contamination import contamination_table
from runsieve.figures.contamination import draw_contamination
from runsieve.figures.described import Described
from runsieve.figures.style import save


def table_of(binned=True, truth=True):
    test, like = toys(4, 60, 0.4)
    binning = ("x", np.append(edges_of(4), 5)) if binned else (None, None)
    return contamination_table(test, *binning, {}, signal_like=like if truth else None)


@pytest.mark.parametrize("binned", [True, False])
@pytest.mark.parametrize("truth", [True, False])
def test_figure_shows_what_is_known(tmp_path, binned, truth):
    table = table_of(binned, truth)
    figure = draw_contamination(table, "x [keV]", Described("name"))
    save(figure, tmp_path / "contamination.svg")
    assert (tmp_path / "contamination.svg").read_text().rstrip().endswith("</svg>")
    (axes,) = figure.axes
    labels = axes.get_legend_handles_labels()[1]
    assert ("truth" in labels) == truth and "estimate" in labels
    assert axes.get_xlabel() == ("x [keV]" if binned else "")
    (bars,) = axes.containers
    np.testing.assert_array_equal(bars.lines[0].get_ydata(), table["contamination_estimated"][:-1])
    if truth:
        (steps,) = axes.patches
        np.testing.assert_array_equal(steps.get_data().values, table["contamination_true"][:-1])
