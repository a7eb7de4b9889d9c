"""Which samples OpenTSDB does not have yet. Those that are kept now count as not sent: they go when an address is set."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("sample_chunks") as table:
        table.add_column(sa.Column("unsent_from", sa.Integer(), nullable=True))
        table.create_index(op.f("ix_sample_chunks_unsent_from"), ["unsent_from"])
    op.execute("UPDATE sample_chunks SET unsent_from = start WHERE level = 0")
    op.create_table(
        "sample_forwarding",
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("succeeded_at", sa.Double(), nullable=True),
        sa.Column("failed_at", sa.Double(), nullable=True),
        sa.Column("error", sa.String(length=400), nullable=False),
        sa.Column("sent", sa.BigInteger(), nullable=False),
        sa.Column("refused", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_sample_forwarding")),
    )


def downgrade() -> None:
    op.drop_table("sample_forwarding")
    with op.batch_alter_table("sample_chunks") as table:
        table.drop_index(op.f("ix_sample_chunks_unsent_from"))
        table.drop_column("unsent_from")
