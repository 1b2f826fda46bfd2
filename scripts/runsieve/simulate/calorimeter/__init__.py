"""Electromagnetic and hadronic calorimeter: showers of electrons and jets."""
