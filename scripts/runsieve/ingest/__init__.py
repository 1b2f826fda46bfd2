"""Ingesting pictures: folders and .npz files become runs."""
