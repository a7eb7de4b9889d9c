"""A step may make good what an earlier wave began; a cluster knows which others it needs."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("steps") as steps:
        steps.add_column(sa.Column("undoes", sa.Integer(), nullable=True))
    with op.batch_alter_table("clusters") as clusters:
        clusters.add_column(sa.Column("needs", sa.JSON(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("clusters") as clusters:
        clusters.drop_column("needs")
    with op.batch_alter_table("steps") as steps:
        steps.drop_column("undoes")
