"""Packages are looked into when they arrive, and kept apart when they are refused."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("packages") as table:
        table.add_column(sa.Column("state", sa.String(length=16), nullable=False, server_default="ready"))
        table.add_column(sa.Column("reason", sa.Text(), nullable=True))
        table.add_column(sa.Column("version", sa.String(length=64), nullable=False, server_default=""))
        table.add_column(sa.Column("contents", sa.LargeBinary(), nullable=True))
    op.execute("UPDATE packages SET reason = ''")
    with op.batch_alter_table("packages") as table:
        table.alter_column("reason", existing_type=sa.Text(), nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("packages") as table:
        for name in ("contents", "version", "reason", "state"):
            table.drop_column(name)
