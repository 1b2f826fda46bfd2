"""Drawn waveforms: one of several shapes at a random time, with noise and a wandering baseline."""
