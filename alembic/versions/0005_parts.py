"""Workers tell what of a task is on its host, and what its process was started with."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("tasks") as tasks:
        tasks.add_column(sa.Column("held", sa.JSON(), nullable=True))
        tasks.add_column(sa.Column("started_with", sa.JSON(), nullable=True))
        tasks.add_column(sa.Column("edited", sa.JSON(), nullable=True))
        tasks.add_column(sa.Column("wanted_parts", sa.JSON(), nullable=True))
        tasks.add_column(sa.Column("wanted_revision", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    with op.batch_alter_table("tasks") as tasks:
        for name in ("wanted_revision", "wanted_parts", "edited", "started_with"):
            tasks.drop_column(name)
        tasks.drop_column("held")
