"""Checks of runs before anything is computed from them."""
