"""Detector planes in a magnetic field, crossed by curved tracks."""
