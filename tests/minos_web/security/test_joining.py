"""Join tokens: each lets one host in, once, for a while; everything else waits for a person."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from minos_common.states import HostState
from minos_web.models.hosts import Host, JoinToken
from minos_web.security import joining
from minos_web.security.joining import BadJoin, invite, join, open_tokens
from tests.minos_web.scene import add_hosts

NOW = 1000.0


def newcomer(session: Session, number: int = 1) -> Host:
    return add_hosts(session, [f"127.0.2.{number}"], HostState.PENDING)[0]


def test_a_token_lets_its_host_in_once(session: Session) -> None:
    text = invite(session, ["host-1"], 1, "olga", NOW)["host-1"]
    assert text.startswith("join_") and len(text) > 30
    assert text not in session.scalars(select(JoinToken.secret_hash)).all(), "only its digest is kept"
    host = newcomer(session)
    assert join(session, host, text, NOW + 10) == "olga"
    assert (host.state, host.decided_by) == (HostState.APPROVED, "olga")
    session.flush()
    assert open_tokens(session, NOW) == []
    with pytest.raises(BadJoin, match="not known"):
        join(session, newcomer(session, 2), text, NOW + 20)


def test_a_token_that_does_not_fit_opens_nothing_and_stays(session: Session) -> None:
    text = invite(session, ["host-1"], 1, "olga", NOW)["host-1"]
    other = newcomer(session, 2)
    with pytest.raises(BadJoin, match="is for host-1, but it calls itself host-2"):
        join(session, other, text, NOW)
    with pytest.raises(BadJoin, match="expired"):
        join(session, newcomer(session), text, NOW + 3601)
    assert other.state == HostState.PENDING
    assert [row.host_name for row in open_tokens(session, NOW)] == ["host-1"]


def test_a_token_cannot_take_the_place_of_an_approved_host(session: Session) -> None:
    add_hosts(session, ["127.0.2.1"])
    second = Host(
        name="host-1", address="127.0.2.1", public_key="other".ljust(40, "x"), state=HostState.PENDING, first_seen=NOW
    )
    session.add(second)
    session.flush()
    text = invite(session, ["host-1"], 1, "olga", NOW)["host-1"]
    with pytest.raises(BadJoin, match="another approved worker has the name host-1"):
        join(session, second, text, NOW)
    assert second.state == HostState.PENDING


def test_a_new_token_ends_the_one_before_and_old_ones_are_swept(session: Session) -> None:
    first = invite(session, ["host-1"], 1, "olga", NOW)["host-1"]
    invite(session, ["host-1", "host-2"], 1, "olga", NOW + 5)
    with pytest.raises(BadJoin, match="not known"):
        join(session, newcomer(session), first, NOW + 6)
    invite(session, ["host-3"], 1, "olga", NOW + 9999)
    assert len(session.scalars(select(JoinToken)).all()) == 1


@pytest.mark.parametrize(
    ("names", "hours", "field", "words"),
    [
        ([], 1, "hosts", "at least one"),
        ([f"h{number}" for number in range(201)], 1, "hosts", "at most 200"),
        (["../etc"], 1, "hosts", "not a legal name"),
        (["a b"], 1, "hosts", "not a legal name"),
        ([""], 1, "hosts", "not a legal name"),
        (["h1"], 0, "hours", "between 1 hour and 30 days"),
        (["h1"], 721, "hours", "between 1 hour and 30 days"),
        (["h1"], float("nan"), "hours", "between 1 hour and 30 days"),
    ],
)
def test_what_is_asked_wrongly_names_the_field(
    session: Session, names: list[str], hours: float, field: str, words: str
) -> None:
    with pytest.raises(BadJoin, match=words) as caught:
        invite(session, names, hours, "olga", NOW)
    assert caught.value.field == field


def test_there_are_never_too_many_open(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(joining, "MOST_OPEN", 3)
    invite(session, ["h1", "h2", "h3"], 1, "olga", NOW)
    invite(session, ["h1", "h2"], 1, "olga", NOW)
    with pytest.raises(BadJoin, match="revoke some"):
        invite(session, ["h4"], 1, "olga", NOW)
