"""Channels and routes to people, what went out over which, and every attempt."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def _text(name: str, length: int, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=length), nullable=nullable)


def _number(name: str, nullable: bool = False) -> sa.Column[float]:
    return sa.Column(name, sa.Double(), nullable=nullable)


def _whole(name: str, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def _list(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.JSON(), nullable=False)


def _switch(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), nullable=False)


def _index(table: str, *columns: str) -> None:
    for column in columns:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column], unique=False)


def upgrade() -> None:
    op.create_table(
        "notify_channels",
        _whole("id"),
        _text("name", 64),
        _text("kind", 16),
        _switch("enabled"),
        _text("host", 255),
        _whole("port"),
        _text("security", 16),
        _text("user", 255),
        _text("sender", 255),
        _text("shown", 255),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        _whole("most"),
        _number("per_minutes"),
        _number("changed_at"),
        _text("changed_by", 64),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notify_channels")),
        sa.UniqueConstraint("name", name=op.f("uq_notify_channels_name")),
    )
    op.create_table(
        "notify_routes",
        _whole("id"),
        _whole("position"),
        _text("name", 64),
        _switch("enabled"),
        _text("service", 64),
        _text("cluster", 64),
        _text("host", 128),
        _list("levels"),
        _list("kinds"),
        _text("hours", 16),
        _list("days"),
        _text("zone", 64),
        _list("recipients"),
        _list("stages"),
        _switch("go_on"),
        _number("collect_minutes"),
        _number("changed_at"),
        _text("changed_by", 64),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notify_routes")),
        sa.UniqueConstraint("name", name=op.f("uq_notify_routes_name")),
    )
    op.create_table(
        "notify_deliveries",
        _whole("id"),
        _whole("channel_id"),
        _text("channel_name", 64),
        _whole("route_id", nullable=True),
        _text("route_name", 64),
        _text("kind", 16),
        _text("audience", 32),
        _list("recipients"),
        _whole("stage"),
        _number("collect_minutes"),
        _text("state", 16),
        _number("created_at"),
        _number("due_at"),
        _whole("attempts"),
        _number("first_tried_at", nullable=True),
        _switch("away"),
        _number("sent_at", nullable=True),
        sa.Column("result", sa.Text(), nullable=False),
        _text("message_id", 64),
        _whole("merged_into", nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notify_deliveries")),
    )
    _index("notify_deliveries", "channel_id", "audience", "state", "created_at", "due_at", "sent_at")
    op.create_table(
        "notify_items",
        _whole("delivery_id"),
        _whole("news_id"),
        sa.ForeignKeyConstraint(
            ["delivery_id"],
            ["notify_deliveries.id"],
            name=op.f("fk_notify_items_delivery_id_notify_deliveries"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["news_id"], ["news.id"], name=op.f("fk_notify_items_news_id_news"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("delivery_id", "news_id", name=op.f("pk_notify_items")),
    )
    _index("notify_items", "news_id")
    op.create_table(
        "notify_attempts",
        _whole("id"),
        _whole("delivery_id"),
        _number("at"),
        _number("seconds"),
        _switch("taken"),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["delivery_id"],
            ["notify_deliveries.id"],
            name=op.f("fk_notify_attempts_delivery_id_notify_deliveries"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notify_attempts")),
    )
    _index("notify_attempts", "delivery_id")
    op.create_index(op.f("ix_news_key"), "news", ["key"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_news_key"), table_name="news")
    for table in ("notify_attempts", "notify_items", "notify_deliveries", "notify_routes", "notify_channels"):
        op.drop_table(table)
