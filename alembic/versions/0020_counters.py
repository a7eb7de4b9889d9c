"""Counters that programs outside Minos push: the newest value of each.

How many tasks a cluster's configuration asks for, and what people say of it. Tables of HBase whose rows are counted.
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "counters",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("group", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("endpoint", sa.String(length=128), nullable=False),
        sa.Column("value", sa.Double(), nullable=False),
        sa.Column("unit", sa.String(length=32), nullable=False),
        sa.Column("label", sa.String(length=255), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.Column("pushed_by", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_counters")),
        sa.UniqueConstraint("group", "name", "endpoint", name=op.f("uq_counters_group")),
    )
    op.create_index(op.f("ix_counters_at"), "counters", ["at"])
    op.create_table(
        "row_counts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cluster_id", sa.Integer(), nullable=False),
        sa.Column("table", sa.String(length=255), nullable=False),
        sa.Column("wanted", sa.Boolean(), nullable=False),
        sa.Column("wanted_by", sa.String(length=64), nullable=False),
        sa.Column("rows", sa.BigInteger(), nullable=True),
        sa.Column("counted_at", sa.Double(), nullable=True),
        sa.Column("took", sa.Double(), nullable=True),
        sa.Column("tried_at", sa.Double(), nullable=True),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("counting", sa.Boolean(), nullable=False),
        sa.Column("run", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["cluster_id"], ["clusters.id"], name=op.f("fk_row_counts_cluster_id_clusters"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_row_counts")),
        sa.UniqueConstraint("cluster_id", "table", name=op.f("uq_row_counts_cluster_id")),
    )
    with op.batch_alter_table("clusters") as table:
        table.add_column(sa.Column("minimums", sa.JSON(), nullable=True))
        table.add_column(sa.Column("description", sa.String(length=255), nullable=False, server_default=""))


def downgrade() -> None:
    with op.batch_alter_table("clusters") as table:
        table.drop_column("description")
        table.drop_column("minimums")
    op.drop_table("row_counts")
    op.drop_table("counters")
