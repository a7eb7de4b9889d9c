"""What the engine drops is counted on the table, where pages can see it."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "engine_counts",
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("since", sa.Double(), nullable=False),
        sa.Column("last_at", sa.Double(), nullable=True),
        sa.Column("last_key", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("reason", name=op.f("pk_engine_counts")),
    )


def downgrade() -> None:
    op.drop_table("engine_counts")
