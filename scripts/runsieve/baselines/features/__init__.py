"""Features: each module adds one way to compute numbers from an array."""
