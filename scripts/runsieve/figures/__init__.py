"""Figures: plain matplotlib, one style."""
