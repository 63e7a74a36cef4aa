"""The only SQL database: incidents, findings, users, lessons. Events never live here."""
