"""What rules need to know from the configuration. May import every other room."""
