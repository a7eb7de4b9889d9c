"""An LDAP directory that knows users: found by a search, proved by a bind with their password, never over a clear line."""

import logging
import secrets
import ssl
from pathlib import Path
from urllib.parse import urlsplit

from ldap3 import AUTO_BIND_NONE, NONE, SIMPLE, SUBTREE, Connection, Server, Tls
from ldap3.core.exceptions import LDAPException, LDAPInvalidDnError
from ldap3.utils.conv import escape_filter_chars
from ldap3.utils.dn import parse_dn

from minos_common.settings import BadSetting, ConsoleSettings
from minos_web.security.addresses import is_loopback, secret_in
from minos_web.security.outside import DIRECTORY, Person, RoleList, read_roles
from minos_web.security.turns import NoTurn, Turns

log = logging.getLogger(__name__)

_AT_A_TIME = 4
_MOST_GROUPS = 1000
_WRONG = 49  # invalidCredentials


class DirectoryAway(Exception):
    """The directory did not answer as it should; the text, for the log and the trail, says how."""


class Directory:
    """The directory of one console. Threads share it; each question has connections of its own."""

    def __init__(self, settings: ConsoleSettings) -> None:
        self._settings = settings
        self._password = secret_in("minos.ldap_bind_password_file", settings.ldap_bind_password_file)
        self._turns = Turns(_AT_A_TIME)
        self.roles: RoleList = _checked_roles(settings)
        self._tls = _needs_tls(settings)

    def person(self, name: str, password: str) -> Person | None:
        """Who ``name`` is if ``password`` is theirs, else None. Raises DirectoryAway.

        An empty password is refused here: to a directory it means that somebody wants to be nobody, which succeeds.
        """
        if not name or not password or "\0" in password:
            return None
        try:
            with self._turns.one(wait=1.0):
                return self._ask(name, password)
        except NoTurn:
            raise DirectoryAway("too many people are waiting for the directory") from None
        except (LDAPException, OSError, ssl.SSLError) as error:
            raise DirectoryAway(f"{type(error).__name__}: {error}") from error

    def _ask(self, name: str, password: str) -> Person | None:
        own = self._connect()
        try:
            self._bind_as_console(own)
            found = self._find(own, name)
            # Somebody unknown costs a bind as well, so that the time does not tell who is known.
            dn = found[0] if found else f"cn={secrets.token_hex(8)},{self._settings.ldap_user_base}"
            if not self._knows(dn, password) or found is None:
                return None
            return self._person(own, *found)
        finally:
            own.unbind()

    def _connect(self, dn: str = "", password: str = "") -> Connection:
        seconds = self._settings.ldap_seconds
        place = urlsplit(self._settings.ldap_url)
        tls = Tls(validate=ssl.CERT_REQUIRED, ca_certs_file=self._settings.ldap_ca or None)
        secure = place.scheme == "ldaps"
        port = place.port or (636 if secure else 389)
        server = Server(
            place.hostname, port, use_ssl=secure, tls=tls if self._tls else None, get_info=NONE, connect_timeout=seconds
        )
        # Referrals would take the password to servers that nobody named.
        connection = Connection(
            server, dn or None, password or None, authentication=SIMPLE if dn else None, auto_bind=AUTO_BIND_NONE,
            receive_timeout=max(1, round(seconds)), read_only=True, auto_referrals=False, raise_exceptions=False,
        )  # fmt: skip
        connection.open()
        if self._tls and not secure and not connection.start_tls():
            raise DirectoryAway(f"it refuses StartTLS: {connection.result}")
        return connection

    def _bind_as_console(self, connection: Connection) -> None:
        settings = self._settings
        if settings.ldap_bind_dn:
            connection.user, connection.password, connection.authentication = (
                settings.ldap_bind_dn,
                self._password,
                SIMPLE,
            )
        if not connection.bind():
            raise DirectoryAway(f"it does not let the console in: {connection.result['description']}")

    def _knows(self, dn: str, password: str) -> bool:
        connection = self._connect(dn, password)
        try:
            if connection.bind():
                return True
            if connection.result["result"] != _WRONG:
                log.warning("the directory refuses %s: %s", dn, connection.result["description"])
            return False
        finally:
            connection.unbind()

    def _find(self, connection: Connection, name: str) -> tuple[str, dict[str, list[str]]] | None:
        settings = self._settings
        pattern = settings.ldap_user_filter.replace("{user}", escape_filter_chars(name))
        wanted = [settings.ldap_name_attribute, "entryUUID", "memberOf"]
        rows = self._search(connection, settings.ldap_user_base, pattern, wanted, 2)
        if len(rows) > 1:
            raise DirectoryAway(f"the filter {settings.ldap_user_filter} finds more than one entry for one name")
        return rows[0] if rows else None

    def _person(self, connection: Connection, dn: str, said: dict[str, list[str]]) -> Person:
        settings = self._settings
        names = said.get(settings.ldap_name_attribute.lower()) or [""]
        groups = said.get("memberof", [])
        if settings.ldap_group_base:
            pattern = settings.ldap_group_filter.replace("{dn}", escape_filter_chars(dn))
            pattern = pattern.replace("{user}", escape_filter_chars(names[0]))
            found = self._search(connection, settings.ldap_group_base, pattern, ["1.1"], _MOST_GROUPS)
            groups = [group for group, _ in found]
        subject = (said.get("entryuuid") or [plain_dn(dn)])[0]
        return Person(DIRECTORY, subject, names[0], tuple(groups))

    def _search(
        self, connection: Connection, base: str, pattern: str, wanted: list[str], most: int
    ) -> list[tuple[str, dict[str, list[str]]]]:
        """(DN, attributes by their small name) of what is found."""
        connection.search(
            base, pattern, SUBTREE, attributes=wanted, size_limit=most, time_limit=int(self._settings.ldap_seconds) or 1
        )
        if connection.result["result"] not in (0, 4):  # 4: more than wanted
            raise DirectoryAway(f"a search below {base} fails: {connection.result['description']}")
        return [
            (row["dn"], {name.lower(): _texts(values) for name, values in row["raw_attributes"].items()})
            for row in connection.response
            if row["type"] == "searchResEntry"
        ]


def plain_dn(text: str) -> str:
    """A name of a directory so that two spellings of it are the same text."""
    try:
        parts = parse_dn(text.strip(), escape=True, strip=True)
    except LDAPInvalidDnError:
        return text.strip().lower()
    return ",".join(f"{name}={value}" for name, value, _ in parts).lower()


def directory_of(settings: ConsoleSettings) -> Directory | None:
    """The directory that the ini names, checked as far as that goes without it. Raises BadSetting."""
    if not settings.ldap_url:
        return None
    if not settings.ldap_user_base:
        raise BadSetting("minos.ldap_user_base must name the entry below which users are looked for")
    if "{user}" not in settings.ldap_user_filter:
        raise BadSetting("minos.ldap_user_filter must hold {user}: else it finds the same for every name")
    if settings.ldap_ca and not Path(settings.ldap_ca).is_file():
        raise BadSetting(f"minos.ldap_ca: there is no file {settings.ldap_ca}")
    return Directory(settings)


def _needs_tls(settings: ConsoleSettings) -> bool:
    place = urlsplit(settings.ldap_url)
    if place.scheme == "ldaps" or settings.ldap_start_tls:
        return True
    if not is_loopback(place.hostname or ""):
        raise BadSetting("minos.ldap_start_tls may be off for a loopback address only: passwords would go in the clear")
    return False


def _checked_roles(settings: ConsoleSettings) -> RoleList:
    try:
        return read_roles("minos.ldap_roles", settings.ldap_roles, plain_dn)
    except ValueError as error:
        raise BadSetting(str(error)) from error


def _texts(values: list[bytes]) -> list[str]:
    return [value.decode("utf-8", "replace") for value in values]
