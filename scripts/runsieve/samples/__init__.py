"""Samples: drawn and split events, and what models see of them as arrays on disk."""
