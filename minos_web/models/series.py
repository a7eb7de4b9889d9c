"""Samples: numbers at times, packed."""

from sqlalchemy import BigInteger, ForeignKey, Integer, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from minos_web.models.meta import Base

LONGEST_PACKED = 2**24 - 1
"""Bytes of one packed column: MySQL needs a length to choose a type that holds more than 64 KiB."""


class Series(Base):
    """What is measured where. Empty texts where a part does not apply (a host's figure has no cluster).

    ``last`` is a second when it was still measured: it lags behind what came since the last round.
    """

    __tablename__ = "series"
    __table_args__ = (UniqueConstraint("metric", "host", "service", "cluster", "job", "task"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    metric: Mapped[str] = mapped_column(String(160))
    host: Mapped[str] = mapped_column(String(128), index=True)
    service: Mapped[str] = mapped_column(String(32), default="")
    cluster: Mapped[str] = mapped_column(String(64), default="", index=True)
    job: Mapped[str] = mapped_column(String(32), default="")
    task: Mapped[str] = mapped_column(String(16), default="")
    last: Mapped[int] = mapped_column(Integer, default=0, index=True)


class SampleBatch(Base):
    """Samples as they came, until a round gathers them into chunks: ``packed`` is what monitor/series/packing makes.

    ``origin`` says which series may be in it (see monitor/series/port); what ``sender`` sent as ``batch`` comes in once.
    """

    __tablename__ = "sample_batches"
    __table_args__ = (UniqueConstraint("origin", "sender", "batch"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    origin: Mapped[str] = mapped_column(String(128))
    sender: Mapped[str] = mapped_column(String(128))
    batch: Mapped[str] = mapped_column(String(64))
    first: Mapped[int] = mapped_column(Integer)
    last: Mapped[int] = mapped_column(Integer)
    packed: Mapped[bytes] = mapped_column(LargeBinary(LONGEST_PACKED))


class SampleChunk(Base):
    """The samples of one series in one window of time that begins at second ``start``.

    ``level`` is 0 for samples as they were measured, else the seconds of a bucket (60, 600, 3600). ``rolled`` of a chunk
    of level 0: its buckets are made, and nothing came since. ``unsent_from`` of a chunk of level 0: the first second of
    it that OpenTSDB does not have yet; None: it has all of them.
    """

    __tablename__ = "sample_chunks"
    __table_args__ = (UniqueConstraint("series_id", "level", "start"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    series_id: Mapped[int] = mapped_column(ForeignKey("series.id", ondelete="CASCADE"))
    level: Mapped[int] = mapped_column(Integer)
    start: Mapped[int] = mapped_column(Integer, index=True)
    rolled: Mapped[bool] = mapped_column(default=False)
    unsent_from: Mapped[int | None] = mapped_column(Integer, index=True)
    packed: Mapped[bytes] = mapped_column(LargeBinary(LONGEST_PACKED))


class SampleForwarding(Base):
    """How samples go on to OpenTSDB: one row, made at the first try.

    ``sent`` and ``refused`` are points since then; ``error`` is what went wrong at ``failed_at``, the last time.
    """

    __tablename__ = "sample_forwarding"

    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    succeeded_at: Mapped[float | None]
    failed_at: Mapped[float | None]
    error: Mapped[str] = mapped_column(String(400), default="")
    sent: Mapped[int] = mapped_column(BigInteger, default=0)
    refused: Mapped[int] = mapped_column(BigInteger, default=0)
