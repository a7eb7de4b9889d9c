"""The databases that samples are stored in: each a real one, made by the migrations."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tests.minos_web.databases import DATABASES, made_database


@pytest.fixture(scope="package", params=DATABASES)
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with made_database(request.param, tmp_path_factory.mktemp("series")) as engine:
        yield engine


@pytest.fixture
def db(engine: Engine) -> Iterator[Session]:
    """A session of which nothing stays."""
    with Session(engine) as session:
        yield session
        session.rollback()
