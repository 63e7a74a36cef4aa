"""Who acts: names, roles and public keys, and the one place where a person's signature becomes an approval."""
