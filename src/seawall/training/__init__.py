"""Lessons, practice and exercises for the people an intruder talks to: it only teaches, and never judges real mail."""
