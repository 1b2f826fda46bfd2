"""Readable results: the report of a model, its card, and the page."""
