"""Muons alone and in jets: what calorimeters and the tracker measure around them."""
