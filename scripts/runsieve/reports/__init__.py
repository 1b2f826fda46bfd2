"""What a person reads: the report of a model, its card, and the page."""
