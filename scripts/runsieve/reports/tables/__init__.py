"""Tables of a model's report: each module adds one, NAME.csv, with `make`."""
