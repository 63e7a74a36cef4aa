"""What is sent to whom, which incidents were told, and what ticket systems answer."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from seawall.state.tables import UtcTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Lay out the outbox."""
    op.create_table(
        "deliveries",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=True),
        sa.Column("channel", sa.String(100), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("thing", sa.String(64), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("made", UtcTime(), nullable=False),
        sa.Column("due", UtcTime(), nullable=False),
        sa.Column("sent", UtcTime(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("over", sa.String(20), nullable=False),
        sa.Column("error", sa.String(300), nullable=False),
        sa.UniqueConstraint("channel", "kind", "thing", "level", name="uq_deliveries_channel_kind_thing_level"),
    )
    op.create_index("ix_deliveries_sent_due", "deliveries", ["sent", "due"])
    op.create_table(
        "stories",
        sa.Column("thing", sa.String(64), primary_key=True),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("made", UtcTime(), nullable=False),
        sa.Column("events", sa.JSON(), nullable=False),
        sa.Column("acknowledged", UtcTime(), nullable=True),
        sa.Column("person", sa.String(200), nullable=False),
    )
    op.create_table(
        "incident_tickets",
        sa.Column("incident", sa.String(64), primary_key=True),
        sa.Column("channel", sa.String(100), primary_key=True),
        sa.Column("ticket", sa.String(100), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("said", sa.String(64), nullable=False),
    )


def downgrade() -> None:
    """Take them away again."""
    for table in ("incident_tickets", "stories", "deliveries"):
        op.drop_table(table)
