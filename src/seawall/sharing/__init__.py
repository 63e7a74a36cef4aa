"""Sharing: what other carriers and agencies told us, and what we tell them, each under its marking."""
