"""Roles on certain clusters, deployers, passwords to be changed, confirmed sign-ins, tokens of clusters, approvals."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "grants",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("pattern", sa.String(length=100), nullable=False),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.Column("created_by", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_grants_user_id_users"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grants")),
        sa.UniqueConstraint("user_id", "pattern", name=op.f("uq_grants_user_id")),
    )
    op.create_index(op.f("ix_grants_user_id"), "grants", ["user_id"], unique=False)
    op.create_table(
        "approvals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cluster", sa.String(length=100), nullable=False),
        sa.Column("action", sa.String(length=64), nullable=False),
        sa.Column("submission", sa.JSON(), nullable=False),
        sa.Column("asked_by", sa.String(length=64), nullable=False),
        sa.Column("asked_at", sa.Double(), nullable=False),
        sa.Column("expires_at", sa.Double(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("decided_by", sa.String(length=64), nullable=False),
        sa.Column("decided_at", sa.Double(), nullable=True),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("operation_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["operation_id"], ["operations.id"], name=op.f("fk_approvals_operation_id_operations"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approvals")),
    )
    for column in ("cluster", "state"):
        op.create_index(op.f(f"ix_approvals_{column}"), "approvals", [column], unique=False)
    op.add_column("users", sa.Column("must_change", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("users", sa.Column("code_until", sa.Double(), nullable=True))
    op.add_column("users", sa.Column("password_at", sa.Double(), nullable=True))
    op.add_column("sign_ins", sa.Column("proved_at", sa.Double(), server_default="0", nullable=False))
    op.add_column("api_tokens", sa.Column("clusters", sa.JSON(), nullable=True))
    op.add_column("api_tokens", sa.Column("hint", sa.String(length=16), server_default="", nullable=False))
    # Operators could upload packages and change configuration before there were deployers: nobody loses that.
    for table in ("users", "api_tokens"):
        op.execute(f"UPDATE {table} SET role = 'deployer' WHERE role = 'operator'")


def downgrade() -> None:
    for table in ("users", "api_tokens"):
        op.execute(f"UPDATE {table} SET role = 'operator' WHERE role = 'deployer'")
    op.execute("UPDATE users SET role = 'viewer', disabled = true WHERE role = 'none'")
    for table, column in (
        ("api_tokens", "hint"),
        ("api_tokens", "clusters"),
        ("sign_ins", "proved_at"),
        ("users", "password_at"),
        ("users", "code_until"),
        ("users", "must_change"),
    ):
        op.drop_column(table, column)
    op.drop_table("approvals")
    op.drop_table("grants")
