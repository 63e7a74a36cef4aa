"""Lessons and exercises."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from seawall.state.tables import UtcTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Lay out what is kept of practice and of exercises."""
    _practice()
    _exercises()


def _practice() -> None:
    op.create_table(
        "training_answers",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=True),
        sa.Column("learner", sa.String(200), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("lesson", sa.String(60), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
    )
    op.create_index("ix_training_answers_learner_id", "training_answers", ["learner", "id"])
    op.create_index("ix_training_answers_at", "training_answers", ["at"])
    op.create_table(
        "training_cards",
        sa.Column("learner", sa.String(200), primary_key=True),
        sa.Column("topic", sa.String(60), primary_key=True),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
    )
    op.create_table(
        "training_sittings",
        sa.Column("learner", sa.String(200), primary_key=True),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
    )
    op.create_table(
        "training_assignments",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=True),
        sa.Column("learner", sa.String(200), nullable=False),
        sa.Column("lesson", sa.String(60), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("due", UtcTime(), nullable=True),
        sa.Column("done", UtcTime(), nullable=True),
    )
    op.create_index("ix_training_assignments_learner", "training_assignments", ["learner"])


def _exercises() -> None:
    op.create_table(
        "training_optouts",
        sa.Column("person", sa.String(200), primary_key=True),
        sa.Column("at", UtcTime(), nullable=False),
    )
    op.create_table(
        "training_campaigns",
        sa.Column("id", sa.String(60), primary_key=True),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("expires", UtcTime(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
    )
    op.create_table(
        "training_messages",
        sa.Column("token", sa.String(64), primary_key=True),
        sa.Column("campaign", sa.String(60), sa.ForeignKey("training_campaigns.id"), nullable=False),
        sa.Column("person", sa.String(200), nullable=False),
        sa.Column("team", sa.String(200), nullable=False),
        sa.Column("item", sa.String(125), nullable=False),
        sa.Column("lure", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("sent", UtcTime(), nullable=True),
        sa.Column("reported", UtcTime(), nullable=True),
        sa.Column("useful", sa.Boolean(), nullable=True),
        sa.Column("opened", UtcTime(), nullable=True),
        sa.Column("clicked", UtcTime(), nullable=True),
        sa.Column("scans", sa.Integer(), nullable=False),
    )
    op.create_index("ix_training_messages_campaign", "training_messages", ["campaign"])


def downgrade() -> None:
    """Take them away again."""
    for table in ("messages", "campaigns", "optouts", "assignments", "sittings", "cards", "answers"):
        op.drop_table(f"training_{table}")
