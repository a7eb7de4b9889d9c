"""Opening a database: what JSON columns give back is what was put into them."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import JSON, Column, Integer, MetaData, Table, insert, select

from minos_web.models.database import open_database

VALUES = [
    {"host.cpu_percent": 12.5, "many": [1, 2.0, -0.0], "none": None, "deep": {"a": [{}]}},
    {"big": 2**70, "neg": -(2**63), "tiny": 5e-324},
    "half of a character: \ud800",
    [float("inf")],
    "",
]


@pytest.mark.parametrize("value", VALUES, ids=["figures", "big", "surrogate", "infinite", "empty"])
def test_json_comes_back_as_it_was(value: Any, tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path / 'one.sqlite'}")
    table = Table("one", MetaData(), Column("id", Integer, primary_key=True), Column("value", JSON))
    with engine.begin() as connection:
        table.create(connection)
        connection.execute(insert(table).values(value=value))
        back = connection.execute(select(table.c.value)).scalar()
    engine.dispose()
    assert back == value and type(back) is type(value)
