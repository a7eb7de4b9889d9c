"""Counts of all web processes, revisions by their time, and on MariaDB texts longer than 64 KB and floats of double precision."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "0034"
down_revision = "0030"
branch_labels = None
depends_on = None

WIDER = ((mysql.TEXT, mysql.MEDIUMTEXT()), (mysql.BLOB, mysql.MEDIUMBLOB()), (mysql.FLOAT, mysql.DOUBLE()))


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
    for table in found.get_table_names():
        for column in found.get_columns(table):
            wider = next((to for kind, to in WIDER if type(column["type"]) is kind), None)
            if wider is not None:
                default = column["default"]
                op.alter_column(
                    table,
                    column["name"],
                    type_=wider,
                    existing_type=column["type"],
                    existing_nullable=column["nullable"],
                    existing_server_default=sa.text(default) if default else None,
                )


def downgrade() -> None:
    # Columns stay as wide as they are: what is in them may not fit any more.
    op.drop_index(op.f("ix_config_revisions_at"), table_name="config_revisions")
    op.drop_table("rate_windows")
