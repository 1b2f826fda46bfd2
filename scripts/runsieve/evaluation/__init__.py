"""Evaluation of models: scores, metrics, curves, tables and comparisons."""
