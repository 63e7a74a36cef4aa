"""Questions about behaviour over time."""
