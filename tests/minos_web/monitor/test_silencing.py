"""Silences: with a reason and an end, of what they name and of nothing else."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from minos_web.monitor.silencing import NewSilence, about, begin, count_now, covers, end, listed, state_of
from minos_web.operations.refusal import Refused
from tests.minos_web.alert_scene import NOW, add_alert, alert_row


def begun(session: Session, **said: Any) -> Any:
    return begin(session, NewSilence(**{"reason": "new disks", "host": "host-32", "hours": 2.0, **said}), "olga", NOW)


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"reason": " "}, "reason"),
        ({"reason": "x" * 256}, "reason"),
        ({"host": ""}, "everything"),
        ({"host": "a\nb"}, "host"),
        ({"service": "s" * 33}, "service"),
        ({"hours": None}, "hours"),
        ({"hours": 0.0}, "hours"),
        ({"hours": -1.0}, "hours"),
        ({"hours": float("nan")}, "hours"),
        ({"hours": 9000.0}, "hours"),
        ({"until": NOW + 60}, "hours"),
        ({"hours": None, "until": NOW}, "until"),
        ({"hours": None, "until": NOW + 400 * 86400}, "until"),
        ({"hours": None, "until": NOW + 60, "begins": NOW + 120}, "until"),
        ({"begins": NOW + 400 * 86400}, "begins"),
    ],
)
def test_what_is_wrong_is_told_at_its_field(session: Session, said: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as told:
        begun(session, **said)
    assert told.value.field == field and told.value.message


def test_its_life(session: Session) -> None:
    now, later, past = begun(session), begun(session, begins=NOW + 3600), begun(session, begins=NOW - 9999)
    assert (now.at, now.until, later.until, past.at) == (NOW, NOW + 7200, NOW + 10800, NOW)
    assert [state_of(one, NOW) for one in (now, later)] == ["now", "coming"]
    assert state_of(now, NOW + 7200) == "over" and state_of(later, NOW + 3600) == "now"
    assert end(now, "igor", NOW + 5) and not end(now, "eve", NOW + 6)
    assert (now.ended_at, now.ended_by, state_of(now, NOW + 6)) == (NOW + 5, "igor", "over")
    assert end(later, "igor", NOW + 5), "one that is coming is given up"
    session.flush()
    assert count_now(session, NOW + 6) == 1 and len(listed(session, "over", NOW + 6)) == 2
    assert listed(session, "coming", NOW + 6) == []


@pytest.mark.parametrize(
    ("scope", "fits"),
    [
        ({"host": "host-32"}, True),
        ({"host": "host-3"}, False),
        ({"host": "host-32", "rule": "task-down"}, True),
        ({"host": "host-32", "rule": "disk-full"}, False),
        ({"host": "", "cluster": "dptst"}, True),
        ({"host": "", "cluster": "dptst", "job": "other"}, False),
        ({"host": "", "everything": True}, True),
    ],
)
def test_what_it_covers(session: Session, scope: dict[str, Any], fits: bool) -> None:
    row = begun(session, **scope)
    assert covers(row, alert_row()) is fits
    alert = add_alert(session)
    assert [one.id for one in about(session, alert, NOW)] == ([row.id] if fits else [])
    assert listed(session, "now", NOW)[0].alerts == int(fits)
