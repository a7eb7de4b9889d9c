"""Operations on workers have no cluster; a failed step may be left behind; tokens let workers join by themselves."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("operations") as batch_op:
        batch_op.alter_column("cluster_id", existing_type=sa.Integer(), nullable=True)
    with op.batch_alter_table("steps") as batch_op:
        batch_op.add_column(sa.Column("passed_over", sa.Boolean(), nullable=False, server_default=sa.false()))

    op.create_table(
        "join_tokens",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("host_name", sa.String(length=128), nullable=False),
        sa.Column("created_by", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.Column("expires_at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_join_tokens")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_join_tokens_secret_hash")),
    )


def downgrade() -> None:
    op.drop_table("join_tokens")
    op.execute(sa.text("DELETE FROM steps WHERE operation_id IN (SELECT id FROM operations WHERE cluster_id IS NULL)"))
    op.execute(sa.text("DELETE FROM operations WHERE cluster_id IS NULL"))
    with op.batch_alter_table("steps") as batch_op:
        batch_op.drop_column("passed_over")
    with op.batch_alter_table("operations") as batch_op:
        batch_op.alter_column("cluster_id", existing_type=sa.Integer(), nullable=False)
