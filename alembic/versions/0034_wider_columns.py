"""Counts of all web processes, revisions by their time, and on MariaDB texts longer than 64 KB and floats of double precision."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "0034"
down_revision = "0030"
branch_labels = None
depends_on = None

WIDER = ((mysql.TEXT, "MEDIUMTEXT"), (mysql.BLOB, "MEDIUMBLOB"), (mysql.FLOAT, "DOUBLE"))


def upgrade() -> None:
    op.create_table(
        "rate_windows",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("entries", sa.JSON(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_rate_windows")),
    )
    op.create_index(op.f("ix_rate_windows_expires_at"), "rate_windows", ["expires_at"], unique=False)
    op.create_index(op.f("ix_config_revisions_at"), "config_revisions", ["at"], unique=False)
    if op.get_bind().dialect.name in ("mysql", "mariadb"):
        widen()


def widen() -> None:
    """Whatever was made by an earlier release. Each table is written anew once."""
    found = sa.inspect(op.get_bind())
    quoted = op.get_bind().dialect.identifier_preparer.quote
    for table in found.get_table_names():
        changes = []
        for column in found.get_columns(table):
            wider = next((to for kind, to in WIDER if type(column["type"]) is kind), None)
            if wider is not None:
                rest = " NULL" if column["nullable"] else " NOT NULL"
                rest += f" DEFAULT {column['default']}" if column["default"] is not None else ""
                changes.append(f"MODIFY {quoted(column['name'])} {wider}{rest}")
        if changes:
            op.execute(sa.text(f"ALTER TABLE {quoted(table)} {', '.join(changes)}".replace(":", "\\:")))


def downgrade() -> None:
    # Columns stay as wide as they are: what is in them may not fit any more.
    op.drop_index(op.f("ix_config_revisions_at"), table_name="config_revisions")
    op.drop_table("rate_windows")
