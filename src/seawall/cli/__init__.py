"""The command line: a door to the library, not a room."""
