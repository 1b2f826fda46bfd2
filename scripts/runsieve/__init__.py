"""From raw detector runs to efficiency reports."""
