"""A worker may get a new key: the one that comes, and the one that was."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("hosts") as hosts:
        hosts.add_column(sa.Column("next_key", sa.String(length=40), nullable=True))
        hosts.add_column(sa.Column("previous_key", sa.String(length=40), nullable=True))
        hosts.add_column(sa.Column("key_since", sa.Double(), nullable=True))
        hosts.create_unique_constraint(op.f("uq_hosts_next_key"), ["next_key"])
        hosts.create_index(op.f("ix_hosts_previous_key"), ["previous_key"])


def downgrade() -> None:
    with op.batch_alter_table("hosts") as hosts:
        hosts.drop_index(op.f("ix_hosts_previous_key"))
        hosts.drop_constraint(op.f("uq_hosts_next_key"), type_="unique")
        for name in ("key_since", "previous_key", "next_key"):
            hosts.drop_column(name)
