"""Processes that ended unexpectedly, and what tasks are watched for beside their process."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def _text(name: str, length: int) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=length), nullable=False)


def _time(name: str, nullable: bool = False) -> sa.Column[float]:
    return sa.Column(name, sa.Double(), nullable=nullable)


def _whole(name: str, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def _index(table: str, *columns: str) -> None:
    for column in columns:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column], unique=False)


def upgrade() -> None:
    op.create_table(
        "crashes",
        _whole("id"),
        _whole("cluster_id"),
        _whole("task_id"),
        _text("kind", 8),
        _time("at"),
        _time("noted_at"),
        _text("host", 128),
        _whole("pid", nullable=True),
        sa.Column("again", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("lines", sa.JSON(), nullable=False),
        _text("quiet", 255),
        _time("told_at", nullable=True),
        sa.ForeignKeyConstraint(
            ["cluster_id"], ["clusters.id"], name=op.f("fk_crashes_cluster_id_clusters"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name=op.f("fk_crashes_task_id_tasks"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_crashes")),
    )
    _index("crashes", "cluster_id", "task_id", "at", "told_at")
    op.create_table(
        "watch_policies",
        _whole("id"),
        _whole("cluster_id"),
        _text("job", 32),
        _whole("page_checks"),
        _time("page_seconds"),
        _time("page_grace"),
        _text("page_figure", 200),
        sa.Column("page_values", sa.JSON(), nullable=False),
        _text("page_action", 8),
        _whole("memory_checks"),
        _time("memory_bytes"),
        _text("memory_action", 8),
        _whole("most_per_hour"),
        _time("changed_at"),
        _text("changed_by", 64),
        sa.ForeignKeyConstraint(
            ["cluster_id"], ["clusters.id"], name=op.f("fk_watch_policies_cluster_id_clusters"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_watch_policies")),
        sa.UniqueConstraint("cluster_id", "job", name=op.f("uq_watch_policies_cluster_id")),
    )
    _index("watch_policies", "cluster_id")
    op.create_table(
        "watched",
        _whole("id"),
        _whole("task_id"),
        _text("kind", 8),
        sa.Column("reason", sa.Text(), nullable=False),
        _whole("bad"),
        _whole("good"),
        _time("checked_at"),
        _time("fired_at", nullable=True),
        sa.Column("fires", sa.JSON(), nullable=False),
        sa.Column("restarts", sa.JSON(), nullable=False),
        sa.Column("told", sa.Boolean(), nullable=False),
        sa.Column("held", sa.Text(), nullable=False),
        _whole("operation_id", nullable=True),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name=op.f("fk_watched_task_id_tasks"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_watched")),
        sa.UniqueConstraint("task_id", "kind", name=op.f("uq_watched_task_id")),
    )
    _index("watched", "task_id")


def downgrade() -> None:
    for table in ("watched", "watch_policies", "crashes"):
        op.drop_table(table)
