"""The emergency brake, which worker knows of it, and operations that are held by it."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "brakes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cluster_id", sa.Integer(), nullable=True),
        sa.Column("pulled", sa.String(length=100), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("pulled_by", sa.String(length=64), nullable=False),
        sa.Column("pulled_at", sa.Double(), nullable=False),
        sa.Column("released_by", sa.String(length=64), nullable=False, server_default=""),
        sa.Column("released_at", sa.Double(), nullable=True),
        sa.ForeignKeyConstraint(
            ["cluster_id"], ["clusters.id"], name=op.f("fk_brakes_cluster_id_clusters"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_brakes")),
        sa.UniqueConstraint("pulled", name=op.f("uq_brakes_pulled")),
    )
    op.create_index(op.f("ix_brakes_cluster_id"), "brakes", ["cluster_id"], unique=False)
    op.create_table(
        "brake_revisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_brake_revisions")),
    )
    with op.batch_alter_table("hosts") as batch:
        batch.add_column(sa.Column("brake_revision", sa.BigInteger(), nullable=True))
    with op.batch_alter_table("operations") as batch:
        batch.add_column(sa.Column("held", sa.Text(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("operations") as batch:
        batch.drop_column("held")
    with op.batch_alter_table("hosts") as batch:
        batch.drop_column("brake_revision")
    op.drop_table("brake_revisions")
    op.drop_table("brakes")
