"""Lists of users and their addresses."""

import pytest
from sqlalchemy.orm import Session

from minos_web.monitor.quotas.addresses import (
    addresses_in,
    all_addresses,
    forget_addresses,
    keep_addresses,
    listed_in,
    user_in,
)
from minos_web.operations.refusal import Refused

LIST = """\
# who is who
alice@EXAMPLE.COM   alice@example.com, team@example.com   # a comment
bob/host@EXAMPLE.COM: bob@example.com
carol
dave dave(at)example.com
alice  alice@example.com;second@example.com

"""


def test_a_list_as_of_old() -> None:
    listed = listed_in(LIST)
    assert listed.users == {
        "alice": ["alice@example.com", "team@example.com", "second@example.com"],
        "bob": ["bob@example.com"],
    }
    assert listed.notes == [
        "line 4: 'carol' has no address",
        "line 5: 'dave(at)example.com' is no mail address",
        "line 5: 'dave' has no address",
        "line 6: 'alice' came before: it has the addresses of both lines",
    ]


@pytest.mark.parametrize(
    ("principal", "user"), [("alice", "alice"), ("alice@R", "alice"), ("a/b@R", "a"), ("a=", "a"), ("@R", "")]
)
def test_users_of_principals(principal: str, user: str) -> None:
    assert user_in(principal) == user


@pytest.mark.parametrize(
    "text", ["", "x", "a@b c", "a@b\r\nBcc: x@y", "<a@b>", "a@", "@b", "a@-b", " ".join(f"a{n}@b.c" for n in range(21))]
)
def test_no_addresses(text: str) -> None:
    with pytest.raises(Refused) as refused:
        addresses_in(text)
    assert refused.value.field == "addresses"


def test_addresses_are_kept_user_by_user(session: Session) -> None:
    keep_addresses(session, {"alice": ["a@example.com"], "bob": ["b@example.com"]}, ("admin", 1.0))
    keep_addresses(session, {"bob": ["new@example.com"]}, ("admin", 2.0))
    assert all_addresses(session) == {"alice": ["a@example.com"], "bob": ["new@example.com"]}
    assert (forget_addresses(session, ["alice"]), forget_addresses(session, ["alice"])) == (1, 0)
