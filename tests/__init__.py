"""Tests mirror `src/seawall` path for path."""
