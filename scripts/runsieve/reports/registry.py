"""Tables and figures of every model report, by name: the modules of `tables` and `figures`.

A table has `make(evaluated)`, which returns a data frame from an `Evaluated`; a figure has TITLE,
PLACE (its order on the page) and `draw(report)`, which returns a matplotlib figure.
"""

from runsieve.registry import Registry

TABLES = Registry("reports.tables")
FIGURES = Registry("reports.figures")

LABEL, TRUTH = "label", "truth"  # in column `against`: what the events of a table are judged by
