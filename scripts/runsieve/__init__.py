"""From raw detector runs to efficiency reports, one module a noun."""
