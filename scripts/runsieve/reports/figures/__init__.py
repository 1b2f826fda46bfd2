"""Figures of a model's report: each module adds one, with TITLE, PLACE on the page, and `draw`."""
