"""Every table of the reports, computed again from the files of scores.

Nothing of runsieve is imported here: definitions are those of config/README.md and of the tables'
docstrings, written as plain loops, with scikit-learn and scipy where these have the quantity.
"""
