"""Per vendor: what its messages mean, how its commands are spelled, how its configuration nests."""
