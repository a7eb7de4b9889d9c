"""A console that may write to servers of the test, and words for news and what became of them."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import msgspec
import pytest

from minos_web.console import Console
from tests.minos_web.notify.desk import Desk
from tests.minos_web.notify.servers import Hook, MailServer, mail_server


@pytest.fixture
def mail() -> Iterator[MailServer]:
    """A plain mail server at work."""
    with mail_server() as made:
        yield made


@pytest.fixture
def hook() -> Iterator[Hook]:
    """A web server at work."""
    made = Hook()
    yield made
    made.close()


@pytest.fixture
def desk_with(console: Console) -> Callable[..., Desk]:
    """Makes a desk on the test's console with these settings."""

    def make(**said: Any) -> Desk:
        return Desk(replace(console, settings=msgspec.structs.replace(console.settings, **said)))

    return make


@pytest.fixture
def desk(desk_with: Callable[..., Desk], mail: MailServer) -> Desk:
    """A fresh console of which the ini alone says who hears: ops@example.org over the mail server."""
    return desk_with(
        smtp_host="127.0.0.1", smtp_port=mail.port, alert_mail="ops@example.org", url="https://minos.example.org"
    )
