"""Findings that belong together become one story."""
