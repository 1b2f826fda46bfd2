"""What a model does on events: scores, metrics, curves, tables and comparisons."""
