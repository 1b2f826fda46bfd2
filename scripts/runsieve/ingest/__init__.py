"""Pictures that become runs."""
