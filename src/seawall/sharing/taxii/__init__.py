"""TAXII 2.1 (OASIS Standard, 10 June 2021): a server over the state database, and a client that trusts no server."""
