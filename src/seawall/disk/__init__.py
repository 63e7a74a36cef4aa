"""Where bytes become durable, and who may write: the lake and the ledger share it."""
