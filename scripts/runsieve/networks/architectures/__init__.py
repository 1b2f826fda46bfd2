"""Architectures: each module adds one type of network."""
