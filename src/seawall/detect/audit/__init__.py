"""Configuration checks: what in our own house lets an intruder in. Checks are data in `content/checks`."""
