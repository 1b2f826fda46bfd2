"""Event selection: which events of the runs take part, and how many each cut removes."""
