"""Raw runs: finding their files and reading their trees."""
