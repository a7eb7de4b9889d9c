"""Which addresses the console may be sent to: those below what the ini lists, and none inside unless it says so."""

import contextlib
import ipaddress
import socket
from typing import Any
from urllib.parse import unquote

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.util import parse_url

from minos_web.store.importing.source import CannotImport

_PORTS = {"http": 80, "https": 443}


def check_allowed(url: str, allowed: str) -> None:
    """Refuse what does not lie below one of ``allowed`` (addresses with blanks between them). Raises CannotImport."""
    if not allowed.split():
        raise CannotImport("no address may be imported from: the ini lists none (minos.import_urls)")
    if not is_below(url, allowed):
        raise CannotImport(f"{url} does not lie below an address that the ini lists (minos.import_urls)")


def is_below(url: str, allowed: str) -> bool:
    """Whether it lies below one of ``allowed`` (addresses with blanks between them)."""
    return any(_below(url, prefix) for prefix in allowed.split())


def _below(url: str, prefix: str) -> bool:
    try:
        here, there = parse_url(url), parse_url(prefix)
    except ValueError:
        return False
    if here.scheme not in _PORTS or here.auth is not None:
        return False
    if (here.scheme, here.host, _port(here)) != (there.scheme, there.host, _port(there)):
        return False
    path, top = here.path or "/", there.path or "/"
    return (path == top or path.startswith(top.rstrip("/") + "/")) and not _climbs(path)


def _climbs(path: str) -> bool:
    plain = unquote(path)
    return ".." in plain.split("/") or "\\" in plain


def _port(url: Any) -> int:
    return url.port or _PORTS.get(url.scheme, 0)


def check_reachable(address: str, private: bool, setting: str = "minos.import_private") -> None:
    """Refuse an address inside (loopback, link-local, private, ...) unless those may be reached, which ``setting`` says.
    Raises CannotImport.
    """
    if not private and not ipaddress.ip_address(address.partition("%")[0]).is_global:
        raise CannotImport(f"{address} is no public address, and the ini does not allow others ({setting})")


def session(private: bool, setting: str = "minos.import_private") -> requests.Session:
    """A session whose every connection is looked at when it stands, before a byte is sent: a name may point elsewhere by
    then than where it pointed when it was looked up.
    """
    made = requests.Session()
    made.trust_env = False
    made.mount("http://", _Adapter(private, setting))
    made.mount("https://", _Adapter(private, setting))
    return made


class _Adapter(HTTPAdapter):
    def __init__(self, private: bool, setting: str) -> None:
        self._private, self._setting = private, setting
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)  # type: ignore[no-untyped-call]
        self.poolmanager.pool_classes_by_scheme = _pools(self._private, self._setting)


def _pools(private: bool, setting: str) -> dict[str, Any]:
    def looked_at(found: socket.socket) -> socket.socket:
        try:
            check_reachable(found.getpeername()[0], private, setting)
        except CannotImport:
            found.close()
            raise
        return found

    def look_up(host: str, port: int) -> None:
        """So that nobody can learn by an import who listens inside. Where a name is not known, connecting says so."""
        with contextlib.suppress(socket.gaierror, UnicodeError):
            for *_, found in socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM):
                check_reachable(str(found[0]), private, setting)

    class Plain(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            look_up(self.host, self.port)
            return looked_at(super()._new_conn())

    class Secure(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            look_up(self.host, self.port)
            return looked_at(super()._new_conn())

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure

    return {"http": PlainPool, "https": SecurePool}
