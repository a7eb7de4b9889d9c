"""Which packages lie on each host, as its worker says."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("hosts") as table:
        table.add_column(sa.Column("packages", sa.JSON(), nullable=True))
    op.execute("UPDATE hosts SET packages = '[]'")
    with op.batch_alter_table("hosts") as table:
        table.alter_column("packages", existing_type=sa.JSON(), nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("hosts") as table:
        table.drop_column("packages")
