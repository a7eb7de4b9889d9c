"""What people keep of machines beside what their workers tell."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "machines",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("host", sa.String(length=128), nullable=False),
        sa.Column("ip", sa.String(length=64), nullable=True),
        sa.Column("idc", sa.String(length=64), nullable=True),
        sa.Column("rack", sa.String(length=128), nullable=True),
        sa.Column("cores", sa.Integer(), nullable=True),
        sa.Column("ram_gb", sa.Double(), nullable=True),
        sa.Column("disks", sa.Integer(), nullable=True),
        sa.Column("disk_gb", sa.Double(), nullable=True),
        sa.Column("ssds", sa.Integer(), nullable=True),
        sa.Column("ssd_gb", sa.Double(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.Column("changed_at", sa.Double(), nullable=False),
        sa.Column("changed_by", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_machines")),
        sa.UniqueConstraint("host", name=op.f("uq_machines_host")),
        sa.UniqueConstraint("ip", name=op.f("uq_machines_ip")),
    )


def downgrade() -> None:
    op.drop_table("machines")
