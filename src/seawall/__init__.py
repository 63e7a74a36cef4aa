"""Seawall keeps intruders like Salt Typhoon out of telecom carriers."""

__version__ = "0.1.0"
