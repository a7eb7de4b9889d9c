"""What this host is made of, as the console is told in hello."""

import getpass
import os
import platform
import socket
import time

from minos_common.settings import WorkerSettings
from minos_common.words import HostFacts
from minos_worker.process import java


def host_facts(settings: WorkerSettings, release: str, task_user: str = "") -> HostFacts:
    """Facts of this host, whose worker is of ``release`` and runs tasks as ``task_user`` (empty: as itself); asks java
    for its version, which takes a moment."""
    try:
        version = java.version(java.find(settings))
    except java.NoJava as error:
        version = f"none: {error}"
    return HostFacts(
        system=_system(),
        kernel=platform.release(),
        python=platform.python_version(),
        java=version,
        cores=os.cpu_count() or 0,
        memory=os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"),
        boot_time=time.time() - time.clock_gettime(time.CLOCK_BOOTTIME),
        user=_user(),
        release=release,
        task_user=task_user or _user(),
        rack=settings.rack,
    )


def _system() -> str:
    try:
        return platform.freedesktop_os_release().get("PRETTY_NAME", platform.system())
    except OSError:
        return platform.system()


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a uid without a name
        return str(os.getuid())


def own_name(settings: WorkerSettings) -> str:
    """Name of this host."""
    return settings.name or socket.gethostname()


def own_address(settings: WorkerSettings) -> str:
    """Address of this host as the way to the console shows it; a UDP socket that sends nothing tells."""
    if settings.address:
        return settings.address
    first = (settings.console.split() or [""])[0]
    target = first.rsplit("://", 1)[-1].rsplit(":", 1)[0].strip("[]")
    try:
        family, kind, _, _, address = socket.getaddrinfo(target, 9, type=socket.SOCK_DGRAM)[0]
        with socket.socket(family, kind) as probe:
            probe.connect(address)
            return str(probe.getsockname()[0])
    except OSError:
        return socket.gethostname()
