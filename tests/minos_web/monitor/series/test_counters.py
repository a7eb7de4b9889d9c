"""Counters that are renewed, and tables with reserved words for names of columns, on every kind of database."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from minos_web.models.clusters import Cluster
from minos_web.models.counters import Counter
from minos_web.models.row_counts import RowCount
from minos_web.monitor import counters
from minos_web.monitor.counters import Push, Pushed, forget_counters, fresh_counters, store
from minos_web.operations.refusal import Refused


def push(db: Session, now: float, **values: float) -> int:
    found = [Pushed("g", name, value, "ops") for name, value in values.items()]
    return store(db, Push(found, "10.0.0.7", "ops", now))


def test_counters_are_renewed(db: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    assert push(db, 100.0, a=1.0, b=2.0) == 2
    assert push(db, 200.0, b=3.0, c=4.0) == 2
    rows = db.execute(select(Counter.name, Counter.value, Counter.at).order_by(Counter.name)).all()
    assert [tuple(row) for row in rows] == [("a", 1.0, 100.0), ("b", 3.0, 200.0), ("c", 4.0, 200.0)]
    assert [row.name for row in fresh_counters(db, 210.0)] == ["b", "c"]
    monkeypatch.setattr(counters, "MOST_KEPT", 3)
    assert push(db, 201.0, a=5.0, c=6.0) == 2
    with pytest.raises(Refused, match="at most 3 are kept"):
        push(db, 202.0, a=1.0, d=1.0)
    assert forget_counters(db, 201.0) == 1
    assert [row.name for row in fresh_counters(db, 201.0)] == ["a", "c"]


def test_counts_of_rows(db: Session) -> None:
    cluster = Cluster(service="hbase", name="z-t", created_at=1.0, minimums={"regionserver": 2}, description="words")
    db.add(cluster)
    db.flush()
    db.add(RowCount(cluster_id=cluster.id, table="ns:t", rows=2**40, error="", counting=False))
    db.flush()
    db.expire_all()
    row = db.scalars(select(RowCount).where(RowCount.table == "ns:t", RowCount.rows > 2**33)).one()
    assert (row.rows, row.cluster.minimums, row.cluster.description) == (2**40, {"regionserver": 2}, "words")
