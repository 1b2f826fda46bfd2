"""Models that networks are compared with: simple, fitted and exact ones."""
