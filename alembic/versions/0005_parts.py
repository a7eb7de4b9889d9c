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
    op.create_table(
        "drift_ignored",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("part", sa.String(length=255), nullable=False),
        sa.Column("held", sa.String(length=16), nullable=False),
        sa.Column("until", sa.Double(), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(
            ["task_id"], ["tasks.id"], name=op.f("fk_drift_ignored_task_id_tasks"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drift_ignored")),
        sa.UniqueConstraint("task_id", "part", name=op.f("uq_drift_ignored_task_id")),
    )


def downgrade() -> None:
    op.drop_table("drift_ignored")
    with op.batch_alter_table("tasks") as tasks:
        for name in ("wanted_revision", "wanted_parts", "edited", "started_with"):
            tasks.drop_column(name)
        tasks.drop_column("held")
