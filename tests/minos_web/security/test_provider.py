"""Signing in by an identity provider: a real one, codes and tokens that prove something, and all that proves nothing."""

import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import msgspec
import pytest
from joserfc import jwt
from joserfc.jwk import KeySet, OctKey, RSAKey
from sqlalchemy import select
from webtest import TestApp

from minos_common.settings import BadSetting, ConsoleSettings
from minos_web.console import Console
from minos_web.models.people import AuditEntry, User
from minos_web.security.entering import SignInRefused, admit
from minos_web.security.people import find_user
from minos_web.security.provider import NotProven, Provider, ProviderAway, provider_of
from minos_web.security.signins import Attempt
from minos_web.security.ways import ways_of
from tests.minos_web.security.openid import OpenId, running_provider

SECRET = b"\7" * 32


@pytest.fixture(scope="module")
def openid(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenId]:
    with running_provider(tmp_path_factory.mktemp("openid")) as server:
        server.user("alice", preferred_username="alice", groups=["staff", "admins"])
        server.user("bob", preferred_username="bob", groups=["staff"])
        server.user("carol", preferred_username="carol", groups=["others"])
        server.user("impostor", preferred_username="Admin", groups=["admins"])
        server.user("nameless", groups=["admins"])
        yield server


def keys(openid: OpenId, **other: Any) -> dict[str, Any]:
    return {
        "oidc_issuer": openid.issuer,
        "oidc_client_id": "minos",
        "oidc_secret_file": str(openid.secret_file),
        "oidc_roles": "admin admins\nviewer staff",
        "url": "http://localhost",
        **other,
    }


def provider(openid: OpenId, **other: Any) -> Provider:
    found = provider_of(ConsoleSettings(var="unused", **keys(openid, **other)))
    assert found is not None
    return found


@pytest.fixture
def browser(anonymous: TestApp, console: Console, openid: OpenId) -> TestApp:
    """A browser of a console that has the provider."""
    served = replace(console, settings=msgspec.structs.replace(console.settings, **keys(openid)))
    anonymous.app.registry.console = served
    return anonymous


def came_back(browser: TestApp, openid: OpenId, user: str, after: str = "", **changed: str) -> Any:
    """Go there, sign in as ``user``, and come back."""
    gone = browser.get("/sign-in/provider", {"next": after} if after else {})
    assert gone.status_int == 303
    brought = openid.consent(gone.location, user) | changed
    return browser.get("/sign-in/provider/back", brought, expect_errors=True)


def trail(console: Console) -> list[tuple[str, str, str | None]]:
    with console.readers() as session:
        rows = session.scalars(select(AuditEntry).order_by(AuditEntry.id))
        return [(row.action, row.user, row.details.get("way")) for row in rows]


def test_the_whole_way_there_and_back(browser: TestApp, console: Console, openid: OpenId) -> None:
    assert "Single sign-on" in browser.get("/sign-in").text
    done = came_back(browser, openid, "alice", "/hosts")
    assert done.location == "http://localhost/hosts"
    assert done.follow().status_int == 200
    assert trail(console) == [("user.add", "alice", "provider"), ("sign-in", "alice", "provider")]
    with console.readers() as session:
        user = find_user(session, "alice")
    assert user is not None
    assert (user.role, user.password_hash) == ("admin", "")


@pytest.mark.parametrize(
    "after", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
def test_the_way_back_stays_on_this_console(browser: TestApp, openid: OpenId, after: str) -> None:
    assert came_back(browser, openid, "bob", after).location == "http://localhost/"


def test_groups_decide_at_every_sign_in(browser: TestApp, console: Console, openid: OpenId) -> None:
    openid.user("dora", preferred_username="dora", groups=["admins"])
    assert came_back(browser, openid, "dora").status_int == 303
    openid.user("dora", preferred_username="dora", groups="staff")
    browser.reset()
    assert came_back(browser, openid, "dora").status_int == 303
    with console.readers() as session:
        assert session.scalars(select(User.role).where(User.name == "dora")).one() == "viewer"
    openid.user("dora", preferred_username="dora", groups=[])
    browser.reset()
    assert "no group of yours" in came_back(browser, openid, "dora").text


@pytest.mark.parametrize(
    ("user", "reason"),
    [
        ("carol", "no group of yours"),
        ("impostor", "another user Admin"),
        ("nameless", "does not say preferred_username"),
    ],
)
def test_who_is_not_welcome_is_told_why(
    browser: TestApp, console: Console, openid: OpenId, user: str, reason: str
) -> None:
    refused = came_back(browser, openid, user)
    assert refused.status_int == 401
    assert reason in refused.text
    assert [row[::2] for row in trail(console)] == [("sign-in.refused", "provider")]


def test_what_was_begun_elsewhere_or_twice_proves_nothing(browser: TestApp, openid: OpenId, app: Any) -> None:
    assert came_back(browser, openid, "bob", state="another").status_int == 401
    assert came_back(browser, openid, "bob", iss="https://evil.example").status_int == 401
    brought = openid.consent(browser.get("/sign-in/provider").location, "bob")
    stranger = TestApp(app)
    assert stranger.get("/sign-in/provider/back", brought, expect_errors=True).status_int == 401
    assert browser.get("/sign-in/provider/back", brought).status_int == 303
    browser.reset()
    again = browser.get("/sign-in/provider/back", brought, expect_errors=True)
    assert again.status_int == 401
    assert "begin again" in again.text


def test_a_code_of_another_sign_in_is_refused(openid: OpenId) -> None:
    """As when somebody plants their own code in another's browser: PKCE and the nonce bind it to its beginning."""
    asked, now = provider(openid), time.time()
    mine, planted = (asked.leave(SECRET, "/", now) for _ in range(2))
    theirs = openid.consent(planted.url, "bob")
    own = openid.consent(mine.url, "alice")
    with pytest.raises((NotProven, ProviderAway)):
        asked.back(SECRET, mine.kept, {**theirs, "state": own["state"]}, now)


def test_being_away_too_long_or_a_changed_cookie_proves_nothing(openid: OpenId) -> None:
    asked, now = provider(openid), time.time()
    leaving = asked.leave(SECRET, "/", now)
    brought = openid.consent(leaving.url, "bob")
    for kept, when in ((leaving.kept, now + 601), (leaving.kept[:-8] + "AAAAAAAA", now), ("", now), ("é", now)):
        with pytest.raises(NotProven):
            asked.back(SECRET, kept, brought, when)
    assert asked.back(SECRET, leaving.kept, brought, now).person.name == "bob"


def test_what_the_provider_says_of_itself_is_read_once_an_hour(openid: OpenId) -> None:
    asked, now = provider(openid), time.time()
    openid.asked.clear()
    for _ in range(3):
        leaving = asked.leave(SECRET, "/", now)
        asked.back(SECRET, leaving.kept, openid.consent(leaving.url, "bob"), now)
    assert (openid.asked["/.well-known/openid-configuration"], openid.asked["/jwks"]) == (1, 1)


KEY, OTHER = (RSAKey.generate_key(2048, {"kid": "one"}) for _ in range(2))


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({}, ""),
        ({"aud": ["minos", "other"], "azp": "minos"}, ""),
        ({"iss": "https://evil.example"}, "proves nothing"),
        ({"aud": "other"}, "proves nothing"),
        ({"aud": ["minos", "other"]}, "another program"),
        ({"azp": "other"}, "another program"),
        ({"nonce": "another"}, "proves nothing"),
        ({"nonce": None}, "proves nothing"),
        ({"sub": None}, "proves nothing"),
        ({"exp": None}, "proves nothing"),
        ({"exp": -120}, "expired"),
        ({"key": OTHER}, "proves nothing"),
        ({"alg": "none"}, "proves nothing"),
        ({"alg": "HS256"}, "proves nothing"),
    ],
)
def test_a_token_counts_only_if_all_of_it_is_right(openid: OpenId, changed: dict[str, Any], reason: str) -> None:
    asked, now = provider(openid), time.time()
    changed = dict(changed)
    claims = {"iss": openid.issuer, "aud": "minos", "sub": "x", "nonce": "n", "iat": int(now), "exp": int(now) + 60}
    key, alg = changed.pop("key", KEY), changed.pop("alg", "RS256")
    claims = {name: value for name, value in {**claims, **changed}.items() if value is not None}
    if changed.get("exp"):
        claims["exp"] = int(now) + changed["exp"]
    if alg == "HS256":
        key = OctKey.import_key("known to both")
    text = jwt.encode({"alg": alg, "kid": "one"}, claims, key, algorithms=[alg])
    with asked._asking() as session:
        metadata = asked._metadata(session, now)
        asked._known[metadata["jwks_uri"]] = (now, KeySet([KEY]).as_dict(private=False))
        if not reason:
            assert asked._claims(session, text, "n", now)["sub"] == "x"
            return
        with pytest.raises(NotProven, match=reason):
            asked._claims(session, text, "n", now)


def test_keys_that_changed_are_read_anew(openid: OpenId) -> None:
    asked, now = provider(openid), time.time()
    leaving = asked.leave(SECRET, "/", now - 120)
    asked._known[f"{openid.issuer}/jwks"] = (now - 120, KeySet([KEY]).as_dict(private=False))
    assert asked.back(SECRET, leaving.kept, openid.consent(leaving.url, "bob"), now).person.name == "bob"


def test_a_provider_under_another_name_or_away_is_not_believed(browser: TestApp, openid: OpenId) -> None:
    with pytest.raises(ProviderAway, match="calls itself"):
        provider(openid, oidc_issuer=f"http://localhost:{openid.port}/x/..").leave(SECRET, "/", time.time())
    console = browser.app.registry.console
    away = msgspec.structs.replace(console.settings, oidc_issuer="http://127.0.0.1:1")
    browser.app.registry.console = replace(console, settings=away)
    refused = browser.get("/sign-in/provider", expect_errors=True)
    assert refused.status_int == 503
    assert "users with a password can sign in" in refused.text


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"oidc_issuer": "http://login.example.org"}, "https"),
        ({"oidc_client_id": ""}, "oidc_client_id"),
        ({"oidc_scopes": "profile"}, "must hold openid"),
        ({"oidc_roles": ""}, "nobody could sign in"),
        ({"oidc_secret_file": "/nowhere/s"}, "oidc_secret_file"),
    ],
)
def test_what_is_wrong_with_the_ini_stops_the_start(openid: OpenId, changed: dict[str, Any], reason: str) -> None:
    with pytest.raises(BadSetting, match=reason):
        ways_of(ConsoleSettings(var="unused", **keys(openid, **changed)))


def test_no_provider_no_button(anonymous: TestApp) -> None:
    assert "sign-in/provider" not in anonymous.get("/sign-in").text
    assert anonymous.get("/sign-in/provider", expect_errors=True).status_int == 404


def test_roles_may_lie_in_a_part_of_the_token(openid: OpenId, console: Console) -> None:
    openid.user("erik", preferred_username="erik", realm_access={"roles": ["staff"]})
    asked, now = provider(openid, oidc_roles_claim="realm_access.roles"), time.time()
    leaving = asked.leave(SECRET, "/", now)
    person = asked.back(SECRET, leaving.kept, openid.consent(leaving.url, "erik"), now).person
    assert asked.roles.role_of(person.groups) == "viewer"
    with pytest.raises(SignInRefused):
        admit(console, replace(person, groups=()), asked.roles, Attempt("erik", "", "", "", now))
