"""Detector models: they write raw runs in the layout that real runs would have."""
