"""Samples are packed: batches as they come, then chunks of one series each. What is stored is carried over, and back."""

from collections.abc import Iterable

import sqlalchemy as sa
from alembic import op

from minos_web.monitor.series.packing import pack_batch, unpack_batch
from minos_web.monitor.series.windows import unpack_samples

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

AT_ONCE = 20_000
PACKED = sa.LargeBinary(2**24 - 1)


def upgrade() -> None:
    with op.batch_alter_table("series") as table:
        table.add_column(sa.Column("last", sa.Integer(), nullable=False, server_default="0"))
        table.create_index(op.f("ix_series_last"), ["last"])
    with op.batch_alter_table("series") as table:
        table.alter_column("last", existing_type=sa.Integer(), existing_nullable=False, server_default=None)
    batches = op.create_table(
        "sample_batches",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(128), nullable=False),
        sa.Column("sender", sa.String(128), nullable=False),
        sa.Column("batch", sa.String(64), nullable=False),
        sa.Column("first", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.Column("packed", PACKED, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sample_batches")),
        sa.UniqueConstraint("origin", "sender", "batch", name=op.f("uq_sample_batches_origin")),
    )
    op.create_table(
        "sample_chunks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("series_id", sa.Integer(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("rolled", sa.Boolean(), nullable=False),
        sa.Column("packed", PACKED, nullable=False),
        sa.ForeignKeyConstraint(
            ["series_id"], ["series.id"], name=op.f("fk_sample_chunks_series_id_series"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sample_chunks")),
        sa.UniqueConstraint("series_id", "level", "start", name=op.f("uq_sample_chunks_series_id")),
    )
    op.create_index(op.f("ix_sample_chunks_start"), "sample_chunks", ["start"])
    connection = op.get_bind()
    for origin, part, rows in _parts(connection):
        times = [at for _, at, _ in rows]
        connection.execute(batches.insert().values(
            origin=origin, sender="0017", batch=str(part), first=min(times), last=max(times), packed=pack_batch(rows)
        ))  # fmt: skip
    op.execute(
        "UPDATE series SET last = COALESCE((SELECT MAX(samples.at) FROM samples WHERE samples.series_id = series.id), 0)"
    )
    op.drop_table("samples")


def _parts(connection: sa.Connection) -> Iterable[tuple[str, int, list[tuple[int, int, float]]]]:
    """(origin, number, rows) of what is stored, by origin."""
    hosts = connection.execute(sa.text("SELECT DISTINCT host FROM series ORDER BY host")).scalars().all()
    wanted = sa.text(
        "SELECT samples.series_id, samples.at, samples.value FROM samples JOIN series ON series.id = samples.series_id"
        " WHERE series.host = :host AND (samples.series_id > :series OR (samples.series_id = :series AND samples.at > :at))"
        " ORDER BY samples.series_id, samples.at LIMIT :most"
    )
    for host in hosts:
        # Some at a time, each asked anew: a server's cursor would not stay open beside what is written meanwhile.
        series, at, part = 0, 0, 0
        told = {"host": host, "most": AT_ONCE}
        while rows := connection.execute(wanted, {**told, "series": series, "at": at}).all():
            yield host, part, [(row[0], row[1], row[2]) for row in rows]
            series, at, part = rows[-1][0], rows[-1][1], part + 1


def downgrade() -> None:
    samples = op.create_table(
        "samples",
        sa.Column("series_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.Integer(), nullable=False),
        sa.Column("value", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(
            ["series_id"], ["series.id"], name=op.f("fk_samples_series_id_series"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("series_id", "at", name=op.f("pk_samples")),
        sqlite_with_rowid=False,
    )
    connection = op.get_bind()
    found: dict[tuple[int, int], float] = {}
    for packed in connection.execute(sa.text("SELECT packed FROM sample_batches ORDER BY id")).scalars():
        for series, at, value in zip(*(part.tolist() for part in unpack_batch(packed)), strict=True):
            found.setdefault((series, at), value)
    _put(connection, samples, found)
    for series, packed in connection.execute(sa.text("SELECT series_id, packed FROM sample_chunks WHERE level = 0")):
        seconds, values, _ = unpack_samples(packed)
        rows = zip(seconds.tolist(), values.tolist(), strict=True)
        chunk = {(series, at): value for at, value in rows if (series, at) not in found}
        _put(connection, samples, chunk)
    op.drop_table("sample_chunks")
    op.drop_table("sample_batches")
    with op.batch_alter_table("series") as table:
        table.drop_index(op.f("ix_series_last"))
        table.drop_column("last")


def _put(connection: sa.Connection, samples: sa.Table, found: dict[tuple[int, int], float]) -> None:
    if found:
        values = [{"series_id": series, "at": at, "value": value} for (series, at), value in found.items()]
        connection.execute(samples.insert(), values)
