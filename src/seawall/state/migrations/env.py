"""Run by Alembic: tells it which connection and which tables."""

from __future__ import annotations

from alembic import context

from seawall.state.tables import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,  # SQLite cannot alter a column in place
    transaction_per_migration=False,
)
with context.begin_transaction():
    context.run_migrations()
