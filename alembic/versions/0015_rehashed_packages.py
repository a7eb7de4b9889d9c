"""When each package was read anew last."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("packages") as table:
        table.add_column(sa.Column("checked_at", sa.Double(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("packages") as table:
        table.drop_column("checked_at")
