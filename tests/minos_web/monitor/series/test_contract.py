"""The contract of storages, over the tables: as samples come, gathered, and rolled up."""

import pytest
from sqlalchemy.orm import Session

from minos_web.monitor.series.asking import query
from minos_web.monitor.series.gathering import gather, origins, roll_up
from minos_web.monitor.series.port import Batch
from minos_web.monitor.series.writing import SeriesWriter
from tests.minos_web.monitor.series.contract import CASES, T0, Case, check


@pytest.mark.parametrize("rounds", ["batches", "chunks", "buckets"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_tables_keep_the_contract(db: Session, case: Case, rounds: str) -> None:
    writer = SeriesWriter()

    def put_in_order() -> None:
        for origin in origins(db) if rounds != "batches" else ():
            while gather(db, origin):
                pass
        while rounds == "buckets" and roll_up(db, T0 + 10_000_000):
            pass

    check(
        case,
        lambda name, samples: (writer.store(db, Batch("contract", name), samples), put_in_order()),
        lambda wanted: query(db, wanted),
    )
