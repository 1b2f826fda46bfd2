"""Searches for hyper-parameters: trials that several workers share, and what they found."""
