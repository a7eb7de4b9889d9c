"""Signing in by an LDAP directory: a real OpenLDAP, TLS that is checked, groups that give roles, names that inject."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import msgspec
import pytest
from sqlalchemy import select, update

from minos_common.settings import BadSetting, ConsoleSettings
from minos_web.console import Console
from minos_web.models.people import AuditEntry, SignIn, User
from minos_web.security import entering
from minos_web.security.directory import Directory, DirectoryAway, directory_of, plain_dn
from minos_web.security.entering import Proven, SignInRefused
from minos_web.security.people import find_user
from minos_web.security.signins import Attempt
from minos_web.security.throttle import Throttle
from minos_web.security.ways import ways_of
from tests.minos_web.security.slapd import BASE, PASSWORD, Slapd, running_slapd

NOW = 1_800_000_000.0
OWN = "correct horse battery"


@pytest.fixture(scope="module")
def slapd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Slapd]:
    with running_slapd(tmp_path_factory.mktemp("slapd")) as server:
        for name in ("alice", "bob", "admin", "carol"):
            server.person(name)
        server.group("staff", "alice", "bob", "admin")
        server.group("admins", "alice")
        yield server


def settings(slapd: Slapd, **other: Any) -> ConsoleSettings:
    return ConsoleSettings(var="unused", **{**slapd.settings, **other})


def directory(slapd: Slapd, **other: Any) -> Directory:
    found = directory_of(settings(slapd, **other))
    assert found is not None
    return found


@pytest.fixture
def served(console: Console, slapd: Slapd) -> Console:
    """The console with the directory."""
    return replace(console, settings=msgspec.structs.replace(console.settings, **slapd.settings))


def tried(console: Console, name: str, password: str = PASSWORD) -> Proven | str:
    """Who it is, or why not."""
    try:
        return entering.prove(console, Throttle(), Attempt(name, password, "198.51.100.7", "test", NOW))
    except SignInRefused as refused:
        return str(refused)


def user(console: Console, name: str) -> User:
    with console.readers() as session:
        found = find_user(session, name)
    assert found is not None
    return found


@pytest.mark.parametrize("way", ["StartTLS", "ldaps"])
def test_the_right_password_proves_who_it_is(slapd: Slapd, way: str) -> None:
    url = f"ldaps://localhost:{slapd.secure_port}" if way == "ldaps" else slapd.settings["ldap_url"]
    asked = directory(slapd, ldap_url=url)
    found = asked.person("alice", PASSWORD)
    assert found is not None
    assert (found.name, len(found.subject)) == ("alice", 36)
    assert asked.roles.role_of(found.groups) == "admin"
    assert directory(slapd).person("alice", "wrong") is None


@pytest.mark.parametrize(
    ("name", "password"),
    [
        ("nobody", PASSWORD),
        ("alice", ""),
        ("", ""),
        ("", PASSWORD),
        ("*", PASSWORD),
        ("ali*", PASSWORD),
        ("alice)(objectClass=*", PASSWORD),
        ("*)(uid=alice))(|(uid=*", PASSWORD),
        ("alice\0", PASSWORD),
        ("alice", "\0"),
        (f"uid=alice,ou=people,{BASE}", PASSWORD),
    ],
)
def test_nobody_else_gets_in(slapd: Slapd, name: str, password: str) -> None:
    assert directory(slapd).person(name, password) is None


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"ldap_ca": "other.pem"}, "CERTIFICATE_VERIFY_FAILED|certificate verify failed"),
        ({"ldap_ca": ""}, "CERTIFICATE_VERIFY_FAILED|certificate verify failed"),
        ({"ldap_url": "ldap://127.0.0.1:1"}, "."),
        ({"ldap_bind_dn": f"cn=stranger,{BASE}"}, "does not let the console in"),
        ({"ldap_user_base": "ou=nowhere,dc=example,dc=org"}, "noSuchObject"),
        ({"ldap_start_tls": False}, "confidentialityRequired"),
    ],
)
def test_a_directory_that_cannot_be_trusted_or_asked_is_away(
    slapd: Slapd, changed: dict[str, Any], reason: str
) -> None:
    if changed.get("ldap_ca"):
        changed = {"ldap_ca": str(slapd.folder / changed["ldap_ca"])}
    with pytest.raises(DirectoryAway, match=reason):
        directory(slapd, **changed).person("alice", PASSWORD)


def test_a_first_sign_in_makes_a_user_without_a_password_here(served: Console) -> None:
    proven = tried(served, "bob")
    assert isinstance(proven, Proven) and proven.way == "directory"
    made = user(served, "bob")
    assert (made.id, made.role, made.password_hash) == (proven.user_id, "viewer", "")
    assert tried(served, "bob", "") == entering.WRONG
    assert tried(served, "bob") == proven
    with served.readers() as session:
        trail = [(row.action, row.details.get("way")) for row in session.scalars(select(AuditEntry))]
    assert trail == [("user.add", "directory"), ("sign-in.refused", "directory")]


def test_groups_decide_at_every_sign_in(served: Console, slapd: Slapd) -> None:
    proven = tried(served, "alice")
    assert isinstance(proven, Proven)
    assert user(served, "alice").role == "admin"
    entering.enter(served, proven, Attempt("alice", "", "198.51.100.7", "test", NOW))
    slapd.group("admins")
    assert tried(served, "alice") == proven
    assert user(served, "alice").role == "viewer"
    with served.readers() as session:
        assert session.scalars(select(SignIn)).all() == []
    entering.enter(served, proven, Attempt("alice", "", "198.51.100.7", "test", NOW))
    slapd.group("staff", "bob", "admin")
    assert "no group of yours" in str(tried(served, "alice"))
    with served.readers() as session:
        assert session.scalars(select(SignIn)).all() == []
    slapd.group("staff", "alice", "bob", "admin")
    slapd.group("admins", "alice")


def test_who_is_in_no_group_stays_out(served: Console) -> None:
    assert "no group of yours" in str(tried(served, "carol"))
    with served.readers() as session:
        assert find_user(session, "carol") is None


def test_own_users_are_never_the_directorys(served: Console) -> None:
    assert isinstance(tried(served, "admin", OWN), Proven)
    assert tried(served, "admin") == entering.WRONG
    assert "another user admin" in str(tried(served, "ADMIN"))


def test_who_is_disabled_here_stays_out(served: Console) -> None:
    assert isinstance(tried(served, "bob"), Proven)
    with served.writers.begin() as session:
        session.execute(update(User).where(User.name == "bob").values(disabled=True))
    assert "disabled" in str(tried(served, "bob"))


def test_own_users_get_in_while_the_directory_is_away(console: Console, slapd: Slapd) -> None:
    away = replace(
        console,
        settings=msgspec.structs.replace(console.settings, **slapd.settings | {"ldap_url": "ldap://127.0.0.1:1"}),
    )
    assert tried(away, "bob") == entering.AWAY
    assert isinstance(tried(away, "admin", OWN), Proven)


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"ldap_user_base": ""}, "ldap_user_base"),
        ({"ldap_user_filter": "(uid=alice)"}, "must hold {user}"),
        ({"ldap_ca": "/nowhere/ca.pem"}, "no file /nowhere/ca.pem"),
        ({"ldap_roles": ""}, "nobody could sign in"),
        ({"ldap_roles": "root cn=admins,dc=x"}, "is no role"),
        ({"ldap_bind_password_file": "/nowhere/p"}, "ldap_bind_password_file"),
        ({"ldap_start_tls": False, "ldap_url": "ldap://directory.example.org"}, "loopback"),
        ({"totp_roles": "root"}, "there is no role root"),
    ],
)
def test_what_is_wrong_with_the_ini_stops_the_start(slapd: Slapd, changed: dict[str, Any], reason: str) -> None:
    with pytest.raises(BadSetting, match=reason):
        ways_of(settings(slapd, **changed))


def test_two_spellings_of_a_name_are_one() -> None:
    assert plain_dn("CN=Admins , OU=groups,DC=x") == plain_dn("cn=admins,ou=Groups,dc=X")
    assert plain_dn("cn=a\\,b,dc=x") != plain_dn("cn=a,cn=b,dc=x")
    assert plain_dn("no name") == "no name"
