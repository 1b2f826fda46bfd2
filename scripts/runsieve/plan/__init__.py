"""What follows from the configuration; the rules ask here. It may import every other room."""
