"""Neural networks: built, trained and diagnosed; only this room imports Keras."""
