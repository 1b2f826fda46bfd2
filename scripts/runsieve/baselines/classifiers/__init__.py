"""Classifiers: each module adds one type of baseline."""
