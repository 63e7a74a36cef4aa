"""One writer per format, each tested against its reader."""
