"""Findings that belong together become incidents: joined, ordered, scored, and told in plain English."""

from seawall.incidents.assess import assess
from seawall.incidents.build import build

__all__ = ["assess", "build"]
