"""The hosts page tells what the engine refused at the door, and nothing when there was nothing."""

import time

from sqlalchemy.orm import Session

from minos_common.wire import fingerprint
from minos_web.models.engine_counts import REASONS, EngineCount
from tests.minos_web.conftest import Browser

KEY = "k<" * 20


def count(session: Session, reason: str, number: int, key: str = "") -> None:
    at = time.time() if number else None
    session.merge(EngineCount(reason=reason, number=number, since=1000.0, last_at=at, last_key=key))
    session.commit()


def rows(browser: Browser) -> list[list[str]]:
    found = browser.get("/hosts").html.select("#refused tbody tr")
    return [[" ".join(cell.text.split()) for cell in row.select("th, td")] for row in found]


def test_nothing_refused_shows_nothing(testapp: Browser, session: Session) -> None:
    for reason in REASONS:
        count(session, reason, 0)
    page = testapp.get("/hosts")
    assert "Refused at the door" not in page.text
    assert page.html.select_one("#refused").find_parent(id="door")["hx-get"], "it would never come by itself"


def test_what_was_refused_is_told_by_reason_with_the_last_key(testapp: Browser, session: Session) -> None:
    count(session, "broken", 1)
    count(session, "unapproved", 1234, KEY)
    count(session, "malformed", 0)
    assert "since the engine started, 1970-01-01 00:16:40 UTC" in testapp.get("/hosts").html.select_one("#refused").text
    unapproved, broken = rows(testapp)
    assert unapproved[:2] == ["unapproved", "1234"] and unapproved[3] == fingerprint(KEY)
    assert broken[:2] == ["broken", "1"] and broken[3] == "–"
    assert unapproved[2].endswith("UTC") and "not approved" in unapproved[4]
