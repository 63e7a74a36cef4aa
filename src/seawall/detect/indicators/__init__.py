"""Known-bad addresses, names and hashes."""
