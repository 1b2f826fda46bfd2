"""Scoring whole runs with trained models."""
