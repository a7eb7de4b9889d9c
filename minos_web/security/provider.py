"""An identity provider (OpenID Connect): where browsers are sent, and what it must prove when they come back."""

import base64
import hmac
import json
import logging
import secrets
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from joserfc import jwt
from joserfc.errors import ExpiredTokenError, JoseError
from joserfc.jwk import KeySet
from requests.adapters import HTTPAdapter

from minos_common.settings import BadSetting, ConsoleSettings
from minos_web.security.addresses import is_loopback, secret_in
from minos_web.security.outside import PROVIDER, Person, RoleList, read_roles
from minos_web.security.sealing import CannotUnseal, seal, unseal
from minos_web.security.turns import NoTurn, Turns

log = logging.getLogger(__name__)

BACK = "/sign-in/provider/back"
SECONDS = 600.0
"""So long a browser may be away at the provider."""
_ABOUT = "sign-in at a provider"
_KEPT_SECONDS = 3600.0
_MOST_BYTES = 512 * 1024
_LEEWAY = 60
_ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519", "EdDSA"]
"""Signatures by keys that only the provider has; never "none" and never one by a secret that both know."""


class ProviderAway(Exception):
    """The provider did not answer as it should; the text, for the log and the trail, says how."""


class NotProven(Exception):
    """What came back proves nothing; the text may be shown."""


@dataclass(frozen=True)
class Leaving:
    """Where to send a browser, and what it keeps (sealed) until it comes back."""

    url: str
    kept: str


@dataclass(frozen=True)
class Back:
    """Who came back, and where they wanted to go."""

    person: Person
    after: str


class Provider:
    """The provider of one console. Threads share it; what it says of itself and its keys are read once an hour."""

    def __init__(self, settings: ConsoleSettings) -> None:
        self._settings = settings
        self._secret = secret_in("minos.oidc_secret_file", settings.oidc_secret_file)
        self._turns = Turns(4)
        self._known: dict[str, tuple[float, dict[str, Any]]] = {}
        self.roles: RoleList = _checked_roles(settings)
        self.button = settings.oidc_button

    def leave(self, secret: bytes, after: str, now: float) -> Leaving:
        """Begin: the browser goes to the provider. Raises ProviderAway."""
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        with self._asking() as session:
            place = self._metadata(session, now)["authorization_endpoint"]
            url, _ = session.create_authorization_url(place, state=state, code_verifier=verifier, nonce=nonce)
        kept = {"state": state, "nonce": nonce, "verifier": verifier, "after": after[:2000], "at": now}
        return Leaving(url, base64.urlsafe_b64encode(seal(secret, json.dumps(kept).encode(), _ABOUT)).decode())

    def back(self, secret: bytes, kept: str, said: dict[str, str], now: float) -> Back:
        """Who comes back with ``said`` in the address. Raises NotProven, ProviderAway."""
        begun = _opened(secret, kept, now)
        if not hmac.compare_digest(begun["state"].encode(), said.get("state", "").encode("utf-8", "replace")):
            raise NotProven("this sign-in was not begun in this browser; begin again")
        if "code" not in said or said.get("iss", self._settings.oidc_issuer).rstrip("/") != self._issuer:
            log.warning("the provider signed nobody in: %s", json.dumps(said.get("error", ""))[:200])
            raise NotProven("the identity provider did not sign you in")
        with self._asking() as session:
            token = session.fetch_token(
                self._metadata(session, now)["token_endpoint"],
                grant_type="authorization_code",
                code=said["code"],
                code_verifier=begun["verifier"],
            )
            claims = self._claims(session, str(token.get("id_token", "")), begun["nonce"], now)
            return Back(self._person(self._more(session, claims, token, now)), begun["after"])

    @property
    def _issuer(self) -> str:
        return self._settings.oidc_issuer.rstrip("/")

    def _asking(self) -> "_Asking":
        return _Asking(self._turns, self._settings, self._secret)

    def _metadata(self, session: OAuth2Session, now: float) -> dict[str, Any]:
        """What the provider says of itself: only under its own name, and only places that are as safe as the issuer."""
        found = self._read(session, f"{self._issuer}/.well-known/openid-configuration", now)
        if str(found.get("issuer", "")).rstrip("/") != self._issuer:
            raise ProviderAway(f"it calls itself {found.get('issuer')!r}, not {self._issuer}")
        for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
            if not _is_safe(str(found.get(name, ""))):
                raise ProviderAway(f"its {name} is {found.get(name)!r}: no https address")
        return found

    def _claims(self, session: OAuth2Session, text: str, nonce: str, now: float) -> dict[str, Any]:
        """What the id token says, once its signature and everything that binds it to us and to this sign-in is right."""
        metadata = self._metadata(session, now)
        try:
            claims = self._decoded(session, text, metadata["jwks_uri"], now)
            jwt.JWTClaimsRegistry(
                now=int(now),
                leeway=_LEEWAY,
                iss={"essential": True, "value": metadata["issuer"]},
                aud={"essential": True, "value": self._settings.oidc_client_id},
                sub={"essential": True},
                exp={"essential": True},
                iat={"essential": True},
                nonce={"essential": True, "value": nonce},
            ).validate(claims)
        except (JoseError, ValueError) as error:
            log.warning("the provider's token is refused: %s", error)
            why = "has expired: see that both clocks are right" if _is_late(error) else "proves nothing"
            raise NotProven(f"what the identity provider sent {why}") from error
        several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
        if claims.get("azp", "" if several else self._settings.oidc_client_id) != self._settings.oidc_client_id:
            raise NotProven("what the identity provider sent is for another program")
        return claims

    def _decoded(self, session: OAuth2Session, text: str, place: str, now: float) -> dict[str, Any]:
        """With the keys that are known; with those of now when they do not fit, as keys change."""
        try:
            return dict(jwt.decode(text, KeySet.import_key_set(self._keys(session, place, now)), _ALGORITHMS).claims)
        except (JoseError, ValueError):
            if self._known[place][0] > now - 60:
                raise
            self._known.pop(place)
            return dict(jwt.decode(text, KeySet.import_key_set(self._keys(session, place, now)), _ALGORITHMS).claims)

    def _keys(self, session: OAuth2Session, place: str, now: float) -> Any:
        return self._read(session, place, now)

    def _more(self, session: OAuth2Session, claims: dict[str, Any], token: Any, now: float) -> dict[str, Any]:
        """With what the provider tells of the user beside the token, when name or roles are not in it."""
        settings = self._settings
        place = str(self._metadata(session, now).get("userinfo_endpoint", ""))
        lacking = [
            claim for claim in (settings.oidc_name_claim, settings.oidc_roles_claim) if _at(claims, claim) is None
        ]
        if not lacking or not _is_safe(place):
            return claims
        answer = session.get(place, headers={"Authorization": f"Bearer {token.get('access_token', '')}"})
        more = answer.json() if answer.ok else {}
        if not isinstance(more, dict) or more.get("sub") != claims["sub"]:
            raise NotProven("the identity provider tells of another user than it signed in")
        return {**more, **claims}

    def _person(self, claims: dict[str, Any]) -> Person:
        name = _at(claims, self._settings.oidc_name_claim)
        groups = _at(claims, self._settings.oidc_roles_claim)
        if not isinstance(name, str) or not name:
            raise NotProven(f"the identity provider does not say {self._settings.oidc_name_claim} of you")
        listed = groups if isinstance(groups, list) else [groups] if isinstance(groups, str) else []
        # A subject is the provider's own: another provider's with the same text is another person.
        return Person(PROVIDER, f"{self._issuer} {claims['sub']}", name, tuple(str(group) for group in listed))

    def _read(self, session: OAuth2Session, url: str, now: float) -> dict[str, Any]:
        at, found = self._known.get(url, (0.0, {}))
        if at <= now - _KEPT_SECONDS or at > now:
            answer = session.get(url, withhold_token=True)
            told = answer.json() if answer.status_code == 200 else None
            if not isinstance(told, dict):
                raise ProviderAway(f"{url} answers {answer.status_code} and no JSON object")
            found = told
            self._known[url] = (now, found)
        return found


class _Bounded(HTTPAdapter):  # type: ignore[misc]
    """Answers in time, and no larger than a page of text."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self._seconds = seconds

    def send(self, request: Any, **options: Any) -> requests.Response:  # type: ignore[override]
        """As ever, but the body is read here and now."""
        options.update(timeout=self._seconds, stream=True)
        answer = super().send(request, **options)
        body = answer.raw.read(_MOST_BYTES + 1, decode_content=True)
        answer.close()
        if len(body) > _MOST_BYTES:
            raise requests.exceptions.ContentDecodingError(f"{request.url} answers more than {_MOST_BYTES} bytes")
        answer._content, answer._content_consumed = body, True
        return answer


class _Asking:
    """A turn, and a session with the provider; whatever goes wrong with it is ProviderAway."""

    def __init__(self, turns: Turns, settings: ConsoleSettings, secret: str) -> None:
        self._turn = turns.one(wait=1.0)
        self._session = OAuth2Session(
            settings.oidc_client_id,
            secret or None,
            scope=settings.oidc_scopes,
            redirect_uri=settings.url.rstrip("/") + BACK,
            code_challenge_method="S256",
            token_endpoint_auth_method="client_secret_basic" if secret else "none",
        )
        self._session.max_redirects = 0
        self._session.verify = settings.oidc_ca or True
        for scheme in ("https://", "http://"):
            self._session.mount(scheme, _Bounded(settings.oidc_seconds))

    def __enter__(self) -> OAuth2Session:
        try:
            self._turn.__enter__()
        except NoTurn:
            raise ProviderAway("too many people are waiting for the provider") from None
        return self._session

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        self._session.close()
        self._turn.__exit__(None, None, None)
        if isinstance(error, OAuthError) and error.error == "invalid_grant":
            raise NotProven("the identity provider does not confirm this sign-in; begin again") from error
        if isinstance(error, (requests.RequestException, AuthlibBaseError, OSError, KeyError, ValueError)):
            raise ProviderAway(f"{type(error).__name__}: {error}") from error


def provider_of(settings: ConsoleSettings) -> Provider | None:
    """The provider that the ini names, checked as far as that goes without it. Raises BadSetting."""
    if not settings.oidc_issuer:
        return None
    if not _is_safe(settings.oidc_issuer):
        raise BadSetting("minos.oidc_issuer must be an https address: what it sends decides who gets in")
    if not settings.oidc_client_id:
        raise BadSetting("minos.oidc_client_id must say under which name the provider knows this console")
    if "openid" not in settings.oidc_scopes.split():
        raise BadSetting("minos.oidc_scopes must hold openid")
    return Provider(settings)


def _opened(secret: bytes, kept: str, now: float) -> dict[str, Any]:
    try:
        begun: dict[str, Any] = json.loads(unseal(secret, base64.urlsafe_b64decode(kept), _ABOUT))
    except (CannotUnseal, ValueError) as error:
        raise NotProven("this sign-in was not begun in this browser; begin again") from error
    if not 0 <= now - begun["at"] <= SECONDS:
        raise NotProven("this sign-in took too long; begin again")
    return begun


def _is_safe(url: str) -> bool:
    place = urlsplit(url)
    return bool(place.hostname) and (
        place.scheme == "https" or (place.scheme == "http" and is_loopback(place.hostname or ""))
    )


def _is_late(error: Exception) -> bool:
    return isinstance(error, ExpiredTokenError)


def _at(claims: dict[str, Any], path: str) -> Any:
    """The claim of this name, or that below others when dots lead to it: realm_access.roles."""
    if path in claims:
        return claims[path]
    found: Any = claims
    for name in path.split("."):
        found = found.get(name) if isinstance(found, dict) else None
    return found


def _checked_roles(settings: ConsoleSettings) -> RoleList:
    try:
        return read_roles("minos.oidc_roles", settings.oidc_roles)
    except ValueError as error:
        raise BadSetting(str(error)) from error
