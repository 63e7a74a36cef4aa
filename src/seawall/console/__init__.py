"""Web pages and HTTP API over a case: the same library calls as the command line."""
