"""Hosts, clusters and jobs may be in maintenance."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("hosts", "clusters"):
        with op.batch_alter_table(table) as batch:
            batch.add_column(sa.Column("maintenance", sa.JSON(), nullable=True))


def downgrade() -> None:
    for table in ("clusters", "hosts"):
        with op.batch_alter_table(table) as batch:
            batch.drop_column("maintenance")
