"""Settings: what a configuration file may hold, and how it is read and checked."""
