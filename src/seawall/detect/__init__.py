"""The whole of `src/seawall/detect`: questions put to the events."""
