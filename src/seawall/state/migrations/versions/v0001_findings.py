"""Findings, incidents, hunts and feedback."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from seawall.state.tables import UtcTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Lay out the first tables."""
    op.create_table(
        "hunts",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=True),
        sa.Column("started", UtcTime(), nullable=False),
        sa.Column("finished", UtcTime(), nullable=True),
        sa.Column("counts", sa.JSON(), nullable=False),
    )
    op.create_table(
        "findings",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("detector", sa.String(200), nullable=False),
        sa.Column("severity", sa.Integer(), nullable=False),
        sa.Column("first", UtcTime(), nullable=False),
        sa.Column("last", UtcTime(), nullable=False),
        sa.Column("run", sa.Integer(), sa.ForeignKey("hunts.id"), nullable=True),
        sa.Column("document", sa.JSON(), nullable=False),
    )
    op.create_index("ix_findings_first_id", "findings", ["first", "id"])
    op.create_index("ix_findings_detector", "findings", ["detector"])
    op.create_table(
        "incidents",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("severity", sa.Integer(), nullable=False),
        sa.Column("first", UtcTime(), nullable=False),
        sa.Column("last", UtcTime(), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
    )
    op.create_index("ix_incidents_first_id", "incidents", ["first", "id"])
    op.create_table(
        "feedback",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=True),
        sa.Column("finding", sa.String(32), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("person", sa.String(200), nullable=False),
        sa.Column("verdict", sa.String(20), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
    )
    op.create_index("ix_feedback_finding", "feedback", ["finding"])


def downgrade() -> None:
    """Take them away again."""
    for table in ("feedback", "incidents", "findings", "hunts"):
        op.drop_table(table)
