"""Quotas of HDFS: numbers of directories, how they are read, addresses of their users, reports that went out."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "quota_readings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cluster_id", sa.Integer(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("directories", sa.JSON(), nullable=False),
        sa.Column("asked_at", sa.Double(), nullable=True),
        sa.Column("asked_by", sa.String(length=64), nullable=False),
        sa.Column("reading", sa.Boolean(), nullable=False),
        sa.Column("run", sa.Integer(), nullable=True),
        sa.Column("sum_run", sa.Integer(), nullable=True),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("tried_at", sa.Double(), nullable=True),
        sa.Column("read_at", sa.Double(), nullable=True),
        sa.Column("took", sa.Double(), nullable=True),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("told", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["cluster_id"], ["clusters.id"], name=op.f("fk_quota_readings_cluster_id_clusters"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quota_readings")),
        sa.UniqueConstraint("cluster_id", name=op.f("uq_quota_readings_cluster_id")),
    )
    op.create_table(
        "quotas",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cluster_id", sa.Integer(), nullable=False),
        sa.Column("path", sa.String(length=512), nullable=False),
        sa.Column("name_quota", sa.BigInteger(), nullable=True),
        sa.Column("names_used", sa.BigInteger(), nullable=True),
        sa.Column("space_quota", sa.BigInteger(), nullable=True),
        sa.Column("space_used", sa.BigInteger(), nullable=True),
        sa.Column("at", sa.Double(), nullable=True),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("bad", sa.String(length=64), nullable=False),
        sa.Column("change", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["cluster_id"], ["clusters.id"], name=op.f("fk_quotas_cluster_id_clusters"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quotas")),
        sa.UniqueConstraint("cluster_id", "path", name=op.f("uq_quotas_cluster_id")),
    )
    op.create_table(
        "quota_reports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quota_reports")),
        sa.UniqueConstraint("day", name=op.f("uq_quota_reports_day")),
    )
    op.create_table(
        "quota_addresses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user", sa.String(length=128), nullable=False),
        sa.Column("addresses", sa.JSON(), nullable=False),
        sa.Column("changed_at", sa.Double(), nullable=False),
        sa.Column("changed_by", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quota_addresses")),
        sa.UniqueConstraint("user", name=op.f("uq_quota_addresses_user")),
    )


def downgrade() -> None:
    for table in ("quota_addresses", "quota_reports", "quotas", "quota_readings"):
        op.drop_table(table)
