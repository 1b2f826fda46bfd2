"""What several tests share: made events, runs and checkouts. No test imports from another."""
