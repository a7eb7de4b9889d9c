"""Asks every server of an ensemble, all at once, whether it serves, with ZooKeeper's four-letter word ``srvr``."""

import os
import selectors
import socket
import time
from collections.abc import Sequence
from dataclasses import dataclass

Server = tuple[str, int]
"""Address and client port."""
WORD = b"srvr"
_MOST = 8192
_LAST = 1.0


@dataclass(frozen=True)
class Told:
    """What became of asking one server. ``serves`` is None when it did not let itself be asked, and may serve; ``zxid`` is the
    last transaction that it has, None when it does not say.
    """

    server: Server
    serves: bool | None
    says: str
    without_quorum: bool = False
    mode: str = ""
    zxid: int | None = None

    @property
    def name(self) -> str:
        """address:port, as kazoo and people write it."""
        host, port = self.server
        return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


class _Asking:
    """One server being asked over a socket that never waits."""

    def __init__(self, server: Server) -> None:
        self.server, self.text, self.connected = server, b"", False
        self.end: Told | None = None
        family, kind, protocol, _, address = socket.getaddrinfo(*server, type=socket.SOCK_STREAM)[0]
        self.socket = socket.socket(family, kind, protocol)
        self.socket.setblocking(False)
        self.socket.connect_ex(address)

    def go_on(self) -> None:
        """The socket can be written or read."""
        try:
            if not self.connected:
                problem = self.socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
                if problem:
                    raise OSError(problem, "")
                self.socket.send(WORD)
                self.connected = True
                return
            piece = self.socket.recv(_MOST)
        except ConnectionRefusedError:
            self.end = Told(self.server, False, "refuses connections: nothing listens there")
        except OSError as error:
            self.end = Told(self.server, False, f"cannot be reached: {_reason(error)}")
        else:
            self.text += piece
            if not piece or len(self.text) > _MOST:
                self.end = understood(self.server, self.text)

    def given_up(self) -> Told:
        """What is known when there is no time left."""
        if self.connected:
            return Told(self.server, False, "takes connections but says nothing")
        return Told(self.server, False, "does not answer")


def ask_all(servers: Sequence[Server], seconds: float) -> list[Told]:
    """What each server says, in their order, within ``seconds``."""
    until = time.monotonic() + seconds
    found: dict[Server, Told] = {}
    with selectors.DefaultSelector() as selector:
        for server in dict.fromkeys(servers):
            try:
                asking = _Asking(server)
            except (OSError, UnicodeError) as error:
                found[server] = Told(server, False, f"cannot be reached: {_reason(error)}")
            else:
                selector.register(asking.socket, selectors.EVENT_WRITE, asking)
        while selector.get_map() and (left := until - time.monotonic()) > 0:
            # Whoever answers is enough after a moment: one silent server makes nobody wait for all of the time.
            if any(one.serves for one in found.values()):
                until = min(until, time.monotonic() + min(left, _LAST))
            _turn(selector, left, found)
        for key in list(selector.get_map().values()):
            found[key.data.server] = key.data.given_up()
            key.data.socket.close()
    return [found[server] for server in dict.fromkeys(servers)]


def _turn(selector: selectors.BaseSelector, left: float, found: dict[Server, Told]) -> None:
    for key, _ in selector.select(min(left, 0.1)):
        asking: _Asking = key.data
        asking.go_on()
        if asking.end is not None:
            selector.unregister(asking.socket)
            asking.socket.close()
            found[asking.server] = asking.end
        elif asking.connected:
            selector.modify(asking.socket, selectors.EVENT_READ, asking)


def understood(server: Server, answer: bytes) -> Told:
    """PURE. What a server's answer to ``srvr`` means."""
    text = answer.decode(errors="replace").strip()
    if "not currently serving requests" in text:
        return Told(server, False, "runs, but belongs to no quorum", without_quorum=True)
    if "not in the whitelist" in text or "not executed because" in text:
        return Told(server, None, "does not say whether it serves")
    named = {name: value.strip() for name, _, value in (line.partition(":") for line in text.splitlines())}
    if named.get("Mode"):
        mode = named["Mode"]
        return Told(server, True, f"serves as {mode}", mode=mode, zxid=_number(named.get("Zxid", "")))
    if not text:
        return Told(server, None, "closes the connection at once: too many connections, or it expects TLS")
    return Told(server, None, f"says {text[:80]!r}")


def _number(text: str) -> int | None:
    try:
        return int(text, 16)
    except ValueError:
        return None


def _reason(error: Exception) -> str:
    number = getattr(error, "errno", None)
    text = error.strerror if isinstance(error, OSError) else ""
    return text or (os.strerror(number) if isinstance(number, int) and number > 0 else str(error)) or "no reason given"
