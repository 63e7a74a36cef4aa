"""Judging reported mail: evidence from header, links, attachments and words, one verdict, and its reasons."""
