"""minos-deploy-files: writes ini files, systemd units and examples for nginx and Prometheus, with the places of this installation."""

import argparse
import os
import stat
import sys
import sysconfig
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import minos_web

TOP_FILES = ("production.ini", "worker.ini")
"""Examples that lie beside ``deploy/`` in a checkout, and in it in a wheel."""
SECRET = TOP_FILES
"""Files that may come to hold passwords or tokens."""


class Refused(Exception):
    """What cannot be written; the text says why and what helps."""


@dataclass(frozen=True)
class Places:
    """What differs from site to site. ``etc`` is where the files are written, and where units look for them."""

    etc: str
    var: str
    bin: str
    user: str
    url: str

    @property
    def host(self) -> str:
        """The name under which browsers and workers reach the console."""
        return urlsplit(self.url).hostname or ""

    @property
    def port(self) -> int | None:
        """The port in the address, where it names one."""
        return urlsplit(self.url).port

    @property
    def encrypted(self) -> bool:
        """Whether browsers come by HTTPS."""
        return self.url.startswith("https://")


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry point; prints what was written, and what is to be done next."""
    options = _parser().parse_args(arguments)
    try:
        places = places_of(options)
        options.directory.mkdir(parents=True, exist_ok=True)
        for line in write_all(options.directory, places):
            sys.stdout.write(f"{line}\n")
    except (Refused, OSError) as error:
        sys.exit(f"minos-deploy-files: {error}")
    for line in next_steps(places):
        sys.stdout.write(f"{line}\n")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "minos-deploy-files",
        description="Write production.ini, worker.ini, systemd units and examples for nginx and Prometheus. A file that is "
        "there and differs stays; the new one is written beside it as NAME.new.",
    )
    parser.add_argument("directory", type=Path, help="where to, and where the units look for the ini, e.g. /etc/minos")
    parser.add_argument("--url", required=True, help="how browsers reach the console, e.g. https://minos.example.org")
    parser.add_argument("--var", type=Path, default=Path("/var/lib/minos"), help="the console's data (%(default)s)")
    parser.add_argument("--user", default="minos", help="the console runs as this user (%(default)s)")
    return parser


def places_of(options: argparse.Namespace) -> Places:
    """The places that the options name. Raises Refused."""
    url = options.url.rstrip("/")
    try:
        parts = urlsplit(url)
        whole = parts.scheme in ("http", "https") and bool(parts.hostname) and not (parts.path or parts.query)
        whole = whole and parts.port != 0 and not parts.username
    except ValueError:
        whole = False
    if not whole or any(sign in url for sign in " ;{}'\"\\%"):
        raise Refused(
            f"--url is an address such as https://minos.example.org or http://10.0.0.1:8088, not {options.url}"
        )
    for name, value in (
        ("directory", str(options.directory.resolve())),
        ("--var", str(options.var)),
        ("--user", options.user),
    ):
        if not value or any(sign.isspace() or sign in "%;'\"\\" for sign in value):
            raise Refused(
                f"{name} may hold no blanks, quotes, semicolons and percent signs: units and ini files read them, not {value!r}"
            )
    if not options.var.is_absolute():
        raise Refused(f"--var is an absolute directory, not {options.var}")
    scripts = sysconfig.get_path("scripts")
    return Places(str(options.directory.resolve()), str(options.var), scripts, options.user, url)


def examples() -> dict[str, Path]:
    """The files as they are shipped, by name: from ``deploy/`` of a checkout, or from an installed wheel."""
    package = Path(minos_web.__file__).parent
    top = package.parent
    if all((top / name).is_file() for name in TOP_FILES) and (top / "deploy").is_dir():
        found = [*(top / "deploy").iterdir(), *(top / name for name in TOP_FILES)]
    else:
        folder = package / "deploy"
        found = list(folder.iterdir()) if folder.is_dir() else []
    if not found:
        raise Refused("the examples are not installed; install Minos again")
    return {path.name: path for path in sorted(found, key=lambda one: one.name) if path.is_file()}


def adapted(name: str, text: str, places: Places) -> str:
    """The example ``name`` for these places."""
    for shipped, here in (
        ("https://minos.example.org", places.url),
        ("minos.example.org", places.host),
        ("/opt/minos/bin", places.bin),
        ("/etc/minos", places.etc),
        ("User=minos\n", f"User={places.user}\n"),
        ("Group=minos\n", f"Group={places.user}\n"),
    ):
        text = text.replace(shipped, here)
    if places.var != "/var/lib/minos":
        # systemd makes a StateDirectory below /var/lib only.
        text = text.replace("StateDirectory=minos\nStateDirectoryMode=0700", f"ReadWritePaths={places.var}")
        text = text.replace("/var/lib/minos", places.var)
    if name == "worker.ini":
        return _worker_ini(text, places)
    if name == "production.ini":
        return _console_ini(text, places)
    if name == "nginx.conf" and places.encrypted and places.port:
        text = text.replace(":443 ssl", f":{places.port} ssl").replace(" 443 ssl", f" {places.port} ssl")
        text = text.replace("https://$host$", f"https://$host:{places.port}$")
    return text


def _console_ini(text: str, places: Places) -> str:
    """Without TLS a secure cookie would let nobody in; with a port in the address nothing stands before the console."""
    if places.encrypted:
        return text
    text = text.replace("minos.cookie_secure = true", "minos.cookie_secure = false")
    return text.replace("listen = 127.0.0.1:8088", f"listen = 0.0.0.0:{places.port}") if places.port else text


def _worker_ini(text: str, places: Places) -> str:
    """For a host that is set up by hand; the install line of the page Hosts writes its own."""
    host = f"[{places.host}]" if ":" in places.host else places.host
    for shipped, here in (
        ("console = tcp://127.0.0.1:8089", f"console = tcp://{host}:8089"),
        ("%(here)s/var/console/console.pub", "%(here)s/console.pub"),
        ("root = %(here)s/var/worker", "root = %(here)s"),
        ("minos-worker worker.ini", "environment/bin/minos-worker worker.ini"),
    ):
        text = text.replace(shipped, here)
    return text


def write_all(directory: Path, places: Places) -> Iterator[str]:
    """Write what is missing; yields a line for each file. Files get the group of their directory."""
    group = directory.stat().st_gid
    for name, source in examples().items():
        text = adapted(name, source.read_text(encoding="utf-8"), places)
        path = directory / name
        if path.exists():
            if path.read_text(encoding="utf-8") == text:
                yield f"{path} is as it should be"
                continue
            path = directory / f"{name}.new"
        _write(path, text, 0o640 if name in SECRET else 0o644, group)
        beside = f" ({name} differs and stays: compare them)" if path.name != name else ""
        yield f"{path} written{beside}"


def _write(path: Path, text: str, mode: int, group: int) -> None:
    part = path.with_name(f".{path.name}.part")
    part.unlink(missing_ok=True)
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    if stat.S_IMODE(part.stat().st_mode) != mode or part.stat().st_gid != group:
        os.chown(part, -1, group)
        part.chmod(mode)
    part.rename(path)


def next_steps(places: Places) -> Iterator[str]:
    """What is to be done with the files."""
    ini = f"{places.etc}/production.ini"
    if not places.encrypted:
        yield "Without HTTPS passwords go over the network in the clear: right for a trial, wrong for a site."
    yield f"Next: look through {ini}; then"
    yield f"  runuser -u {places.user} -- {places.bin}/minos-init {ini}"
    yield f"  cp {places.etc}/minos-console.service /etc/systemd/system/ && systemctl enable --now minos-console"


if __name__ == "__main__":
    sys.exit(main())
