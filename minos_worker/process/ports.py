"""Whether a port is free on this host, and who has it if not."""

import errno
import socket
import time

import psutil

from minos_common.verbs import PortCheck


def trouble(check: PortCheck, ours: set[int], main: str = "") -> str:
    """Why the port cannot be bound, empty when it can, or when only processes in ``ours`` (pids) hold it. A stranger that
    runs ``main``, the program that is to be started, is told as what it is.
    """
    try:
        places = socket.getaddrinfo(check.host or None, check.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (socket.gaierror, OverflowError) as error:
        return f"port {check.port} ({check.name}): the host {check.host!r} is not known here: {error}"
    for family, kind, protocol, _name, address in places[:1]:
        try:
            with socket.socket(family, kind, protocol) as probe:
                # As servers do: a port in TIME_WAIT is no obstacle to them.
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind(address)
                # Two may bind one port with SO_REUSEADDR as long as none listens; listening tells the truth.
                probe.listen(1)
        except OSError as error:
            return _explain(error, check, str(address[0]), ours, main)
    return ""


def _explain(error: OSError, check: PortCheck, address: str, ours: set[int], main: str) -> str:
    where = f"port {check.port} ({check.name}) on {check.host or 'any address'}"
    if error.errno == errno.EADDRNOTAVAIL:
        return f"{where}: this host does not have that address"
    if error.errno == errno.EACCES:
        return f"{where}: the worker's user may not bind it"
    if error.errno != errno.EADDRINUSE:
        return f"{where}: {error.strerror}"
    holders = _holders(check.port, address)
    if holders and set(holders) <= ours:
        return ""
    who = ", ".join(f"pid {pid} ({_told(pid, name)})" for pid, name in holders.items()) or "a process of another user"
    if main and any(main in _command(pid) for pid in holders):
        return (
            f"{where}: this very program runs already, started outside of Minos: {who}; nothing is started beside it."
            " End it there, then start it here"
        )
    return f"{where} is taken by {who}"


def _told(pid: int, name: str) -> str:
    """Name, user and age of a process, as far as we may see."""
    try:
        process = psutil.Process(pid)
        age = (time.time() - process.create_time()) / 60
        return f"{name} of {process.username()}, up {age:.0f} min"
    except psutil.Error:
        return name


def _command(pid: int) -> list[str]:
    try:
        return list(psutil.Process(pid).cmdline())
    except psutil.Error:
        return []


def _holders(port: int, address: str) -> dict[int, str]:
    """pid -> name of those that listen on the port at this address or at all, as far as we may see."""
    wildcards = {"0.0.0.0", "::"}
    holders: dict[int, str] = {}
    for connection in psutil.net_connections("tcp"):
        if connection.status != psutil.CONN_LISTEN or connection.laddr.port != port or not connection.pid:
            continue
        if address in wildcards or connection.laddr.ip in wildcards | {address, f"::ffff:{address}"}:
            try:
                holders[connection.pid] = psutil.Process(connection.pid).name()
            except psutil.Error:
                holders[connection.pid] = "?"
    return holders
