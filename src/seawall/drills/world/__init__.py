"""One seeded carrier: its sites, its people, their habits."""
