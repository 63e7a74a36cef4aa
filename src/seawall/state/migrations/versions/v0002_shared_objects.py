"""What came from others, is ours to give, and was given."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from seawall.state.tables import UtcTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Lay out the table of shared objects."""
    op.create_table(
        "shared_objects",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True, autoincrement=True),
        sa.Column("collection", sa.String(150), nullable=False),
        sa.Column("object_id", sa.String(200), nullable=False),
        sa.Column("version", sa.String(40), nullable=False),
        sa.Column("type", sa.String(100), nullable=False),
        sa.Column("added", UtcTime(), nullable=False),
        sa.Column("source", sa.String(200), nullable=False),
        sa.Column("light", sa.Integer(), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.Column("notes", sa.JSON(), nullable=False),
        sa.UniqueConstraint(
            "collection", "object_id", "version", name="uq_shared_objects_collection_object_id_version"
        ),
    )
    op.create_index("ix_shared_objects_collection_added", "shared_objects", ["collection", "added"])
    op.create_index("ix_shared_objects_object_id", "shared_objects", ["object_id"])


def downgrade() -> None:
    """Take it away again."""
    op.drop_table("shared_objects")
