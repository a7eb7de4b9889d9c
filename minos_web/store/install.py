"""What a new host fetches to become one: the install script of this console, and the wheels that it brings."""

import functools
import hashlib
import importlib.metadata
import importlib.resources
import shlex
from urllib.parse import urlsplit

from minos_common.settings import ConsoleSettings
from minos_common.version import VERSION
from minos_web.store.wheels import Wheel, library_names, library_wheel, worker_wheel

SCRIPT = "minos-worker.sh"
_WILD = ("0.0.0.0", "*", "[::]", "::")


@functools.cache
def wheels() -> dict[str, Wheel]:
    """By file name everything that a worker needs; about 2 MB, the same for as long as the console runs."""
    made = [worker_wheel()]
    for name in library_names():
        try:
            made.append(library_wheel(name))
        except importlib.metadata.PackageNotFoundError:
            continue  # the host's package index has it
    return {wheel.name: wheel for wheel in made}


def script(settings: ConsoleSettings, key: bytes) -> str:
    """The install script as this console gives it. ``key`` is its public CURVE key."""
    lines = "".join(f"{wheel.sha256} {name}\n" for name, wheel in sorted(wheels().items()))
    told = {
        "MINOS_URL": settings.url.rstrip("/"),
        "MINOS_WIRE": wire_address(settings),
        "MINOS_KEY": key.decode(),
        "MINOS_VERSION": VERSION,
        "MINOS_WHEELS": lines,
    }
    head = "#!/bin/sh\nset -eu\n" + "".join(f"{name}={shlex.quote(value)}\n" for name, value in told.items())
    body = importlib.resources.files("minos_web.install").joinpath("worker.sh").read_text(encoding="utf-8")
    return head + body


def digest(text: str) -> str:
    """SHA-256 of the script, as sha256sum writes it."""
    return hashlib.sha256(text.encode()).hexdigest()


def wire_address(settings: ConsoleSettings) -> str:
    """The endpoints that workers dial; where the ini binds to every address, the host of the console's URL."""
    if settings.wire_addresses.strip():
        return " ".join(settings.wire_addresses.split())
    scheme, _, rest = settings.wire.partition("://")
    host, _, port = rest.rpartition(":")
    if host in _WILD:
        host = urlsplit(settings.url).hostname or "127.0.0.1"
        host = f"[{host}]" if ":" in host else host
    return f"{scheme}://{host}:{port}"


def is_local(settings: ConsoleSettings) -> bool:
    """Whether only this machine can reach the console by its URL."""
    return (urlsplit(settings.url).hostname or "") in ("localhost", "127.0.0.1", "::1")


def line(settings: ConsoleSettings, text: str, options: dict[str, str]) -> str:
    """The install line of one host: fetch the script, compare it, run it. ``text`` is the script."""
    given = " ".join(f"--{name} {shlex.quote(value)}" for name, value in options.items() if value)
    url = shlex.quote(f"{settings.url.rstrip('/')}/install/worker.sh")
    return (
        f"curl -fsS {url} -o {SCRIPT} && echo '{digest(text)}  {SCRIPT}' | sha256sum -c --quiet && sudo sh {SCRIPT} {given}"
    ).strip()
