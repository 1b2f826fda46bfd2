"""The free-fall chamber: annihilations at its ceiling or floor, and cosmic muons."""
