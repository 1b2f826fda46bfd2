"""One flipped byte per case: files, the reading of a damaged copy, and a count of the outcomes."""
