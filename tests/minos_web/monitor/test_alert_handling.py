"""What people do with alerts: a second click changes nothing, and what is over can only be written about."""

import pytest
from sqlalchemy.orm import Session

from minos_web.monitor.alert_handling import LONGEST_NOTE, acknowledge, note, take_back
from minos_web.operations.refusal import Refused
from tests.minos_web.alert_scene import NOW, add_alert


def events(session: Session, alert: object) -> list[tuple[str, str, str]]:
    session.refresh(alert)
    return [(one.kind, one.by, one.text) for one in alert.events][1:]  # type: ignore[attr-defined]


def test_it_is_looked_after_by_who_came_first(session: Session) -> None:
    alert = add_alert(session)
    assert acknowledge(session, alert, "olga", NOW, "  I am on it\r\nreally ")
    assert not acknowledge(session, alert, "olga", NOW + 1) and not acknowledge(session, alert, "igor", NOW + 2)
    assert (alert.acknowledged_by, alert.acknowledged_at) == ("olga", NOW)
    assert take_back(session, alert, "igor", NOW + 3) and not take_back(session, alert, "igor", NOW + 4)
    assert alert.acknowledged_at is None and alert.acknowledged_by == ""
    session.flush()
    assert events(session, alert) == [
        ("acknowledged", "olga", "I am on it\nreally"),
        ("unacknowledged", "igor", "it was olga's"),
    ]


def test_of_what_is_over_only_notes_are_kept(session: Session) -> None:
    alert = add_alert(session, resolved_at=NOW)
    for deed in (acknowledge, take_back):
        with pytest.raises(Refused) as told:
            deed(session, alert, "olga", NOW)
        assert told.value.code == "over"
    note(session, alert, "olga", NOW, "It was the switch.")
    assert events(session, alert) == [("note", "olga", "It was the switch.")]


@pytest.mark.parametrize("text", ["", "  \n ", "x" * (LONGEST_NOTE + 1)])
def test_a_note_says_something_and_ends(session: Session, text: str) -> None:
    alert = add_alert(session)
    with pytest.raises(Refused) as told:
        note(session, alert, "olga", NOW, text)
    assert told.value.field == "text"
