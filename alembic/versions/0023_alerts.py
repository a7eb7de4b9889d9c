"""Alerts with their rules, events and silences, and what is to be told of them."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def _text(name: str, length: int, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=length), nullable=nullable)


def _time(name: str, nullable: bool = False) -> sa.Column[float]:
    return sa.Column(name, sa.Double(), nullable=nullable)


def _index(table: str, *columns: str) -> None:
    for column in columns:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column], unique=False)


def upgrade() -> None:
    op.create_table(
        "alert_rules",
        sa.Column("id", sa.Integer(), nullable=False),
        _text("name", 64),
        sa.Column("shipped", sa.Boolean(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        _text("title", 120),
        _text("about", 16),
        _text("metric", 200),
        _text("condition", 120),
        _text("worse", 120),
        _text("clear", 120),
        _time("for_seconds"),
        _text("level", 8),
        _text("combine", 8),
        _text("service", 32),
        _text("cluster", 64),
        _text("job", 32),
        _text("host", 128),
        sa.Column("help", sa.Text(), nullable=False),
        _time("changed_at"),
        _text("changed_by", 64),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert_rules")),
        sa.UniqueConstraint("name", name=op.f("uq_alert_rules_name")),
    )
    op.create_table(
        "alerts",
        sa.Column("id", sa.Integer(), nullable=False),
        _text("key", 300),
        _text("open_key", 300, nullable=True),
        _text("rule", 64),
        _text("about", 16),
        _text("service", 32),
        _text("cluster", 64),
        _text("job", 32),
        sa.Column("number", sa.Integer(), nullable=True),
        _text("host", 128),
        _text("part", 200),
        _text("title", 255),
        sa.Column("reason", sa.Text(), nullable=False),
        _text("level", 8),
        _text("state", 16),
        _text("metric", 200),
        _time("value", nullable=True),
        sa.Column("checks", sa.Integer(), nullable=False),
        sa.Column("flips", sa.JSON(), nullable=False),
        _time("since"),
        _time("fired_at", nullable=True),
        _time("unknown_since", nullable=True),
        _time("resolved_at", nullable=True),
        _time("checked_at"),
        _text("seen", 8),
        _time("flapping_since", nullable=True),
        sa.Column("told", sa.Boolean(), nullable=False),
        _text("told_as", 16),
        _text("muted", 255),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        _time("acknowledged_at", nullable=True),
        _text("acknowledged_by", 64),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["alerts.id"], name=op.f("fk_alerts_parent_id_alerts"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alerts")),
        sa.UniqueConstraint("open_key", name=op.f("uq_alerts_open_key")),
    )
    _index("alerts", "key", "rule", "service", "state", "fired_at", "resolved_at", "parent_id")
    op.create_table(
        "alert_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("alert_id", sa.Integer(), nullable=False),
        _time("at"),
        _text("kind", 16),
        _text("by", 64),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["alert_id"], ["alerts.id"], name=op.f("fk_alert_events_alert_id_alerts"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert_events")),
    )
    _index("alert_events", "alert_id", "at")
    op.create_table(
        "silences",
        sa.Column("id", sa.Integer(), nullable=False),
        _text("rule", 64),
        _text("service", 32),
        _text("cluster", 64),
        _text("job", 32),
        _text("host", 128),
        _text("reason", 255),
        _text("by", 64),
        _time("at"),
        _time("until"),
        _time("ended_at", nullable=True),
        _text("ended_by", 64),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_silences")),
    )
    _index("silences", "until")
    op.create_table(
        "news",
        sa.Column("id", sa.Integer(), nullable=False),
        _time("at"),
        _text("kind", 16),
        _text("level", 8),
        _text("service", 32),
        _text("cluster", 64),
        _text("host", 128),
        _text("key", 300),
        _text("title", 255),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        _text("path", 255),
        sa.Column("recipients", sa.JSON(), nullable=False),
        _time("routed_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_news")),
    )
    _index("news", "at", "routed_at")


def downgrade() -> None:
    for table in ("news", "silences", "alert_events", "alerts", "alert_rules"):
        op.drop_table(table)
