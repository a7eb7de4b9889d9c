"""Packages are kept as blocks too, which hosts hand to each other; who holds which."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("packages") as table:
        table.add_column(sa.Column("manifest", sa.String(length=64), nullable=False, server_default=""))
        table.add_column(sa.Column("blocks_size", sa.BigInteger(), nullable=False, server_default="0"))
    op.create_table(
        "package_spread",
        sa.Column("package_id", sa.Integer(), nullable=False),
        sa.Column("host_id", sa.Integer(), nullable=False),
        sa.Column("rack", sa.String(length=128), nullable=False),
        sa.Column("blocks", sa.Integer(), nullable=False),
        sa.Column("have", sa.LargeBinary(), nullable=False),
        sa.Column("granted", sa.LargeBinary(), nullable=False),
        sa.Column("granted_at", sa.Double(), nullable=False),
        sa.Column("granted_bytes", sa.BigInteger(), nullable=False),
        sa.Column("whole", sa.Boolean(), nullable=False),
        sa.Column("began_at", sa.Double(), nullable=False),
        sa.Column("heard_at", sa.Double(), nullable=False),
        sa.Column("from_console", sa.BigInteger(), nullable=False),
        sa.Column("from_hosts", sa.BigInteger(), nullable=False),
        sa.Column("from_own", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["host_id"], ["hosts.id"], name=op.f("fk_package_spread_host_id_hosts"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["package_id"], ["packages.id"], name=op.f("fk_package_spread_package_id_packages"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("package_id", "host_id", name=op.f("pk_package_spread")),
    )


def downgrade() -> None:
    op.drop_table("package_spread")
    with op.batch_alter_table("packages") as table:
        for name in ("blocks_size", "manifest"):
            table.drop_column(name)
