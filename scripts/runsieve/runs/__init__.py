"""Raw runs: finding their files, reading and writing their trees."""
