"""Bytes in, event tables and rejects out: one file per format."""
