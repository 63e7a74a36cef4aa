"""Collections, objects and outcomes of a TAXII server; how far others' collections were read."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Lay out the tables."""
    op.create_table(
        "taxii_collections",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("last_added", sa.BigInteger(), nullable=False),
    )
    op.create_table(
        "taxii_objects",
        sa.Column("collection", sa.String(36), sa.ForeignKey("taxii_collections.id"), primary_key=True),
        sa.Column("added", sa.BigInteger(), primary_key=True),
        sa.Column("object_id", sa.String(300), nullable=False),
        sa.Column("type", sa.String(250), nullable=False),
        sa.Column("spec_version", sa.String(8), nullable=False),
        sa.Column("version", sa.String(30), nullable=False),
        sa.Column("version_text", sa.String(60), nullable=False),
        sa.Column("light", sa.SmallInteger(), nullable=False),
        sa.Column("gate", sa.SmallInteger(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
    )
    op.create_index(
        "ix_taxii_objects_collection_object_id_spec_version_version",
        "taxii_objects",
        ["collection", "object_id", "spec_version", "version"],
    )
    op.create_index("ix_taxii_objects_collection_type_added", "taxii_objects", ["collection", "type", "added"])
    op.create_table(
        "taxii_status",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("root", sa.String(64), nullable=False),
        sa.Column("user", sa.String(64), nullable=False),
        sa.Column("asked", sa.BigInteger(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
    )
    op.create_index("ix_taxii_status_asked", "taxii_status", ["asked"])
    op.create_table(
        "taxii_keys",
        sa.Column("name", sa.String(32), primary_key=True),
        sa.Column("value", sa.String(128), nullable=False),
    )
    op.create_table(
        "taxii_polls",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("added_after", sa.String(60), nullable=False),
        sa.Column("next", sa.Text(), nullable=False),
        sa.Column("newest", sa.String(60), nullable=False),
        sa.Column("polled", sa.BigInteger(), nullable=False),
    )


def downgrade() -> None:
    """Take them away again."""
    for table in ("taxii_polls", "taxii_keys", "taxii_status", "taxii_objects", "taxii_collections"):
        op.drop_table(table)
