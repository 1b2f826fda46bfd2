"""Event selection: which events of the runs pass the cuts, and how many each cut removes."""
