"""What tests of the round of alerts begin with."""

import pytest
from sqlalchemy.orm import Session

from minos_web.console import Console
from tests.minos_web.monitor.alerts.judged import Site


@pytest.fixture
def site(session: Session, console: Console) -> Site:
    return Site(session, console)
