"""production.ini and what lies in deploy/: every key is one that Minos knows, every path is one that they agree on."""

import itertools
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from pyramid.paster import get_appsettings
from waitress.adjustments import Adjustments

from minos_common.settings import ConsoleSettings, read_settings

TOP = Path(__file__).resolve().parents[2]
INI = TOP / "production.ini"
TEXT = INI.read_text()


def _commented() -> list[tuple[str, str]]:
    return re.findall(r"^#minos\.(\w+) = (.*)$", TEXT, re.MULTILINE)


def _read(**more: str) -> ConsoleSettings:
    told = dict(get_appsettings(str(INI), name="main")) | {f"minos.{key}": value for key, value in more.items()}
    return read_settings(ConsoleSettings, told, "minos.")


def test_what_it_sets_is_known() -> None:
    settings = _read()
    assert settings.cookie_secure and settings.url.startswith("https://")


@pytest.mark.parametrize(("key", "value"), _commented(), ids=[key for key, _ in _commented()])
def test_what_it_offers_is_known(key: str, value: str) -> None:
    assert str(getattr(_read(**{key: value}), key)) == value


def test_the_server_takes_its_options() -> None:
    lines = TEXT.partition("[server:main]")[2].partition("\n[")[0].splitlines()
    options = dict(line.split(" = ", 1) for line in lines if " = " in line and not line.startswith(("#", "use")))
    taken = Adjustments(**options, clear_untrusted_proxy_headers=True)
    assert taken.trusted_proxy == "127.0.0.1" and taken.listen[0][3] == ("127.0.0.1", 8088)


@pytest.mark.parametrize("name", ["console", "engine", "backup"])
def test_units_name_the_same_places(name: str) -> None:
    unit = (TOP / "deploy" / f"minos-{name}.service").read_text()
    assert re.search(r"^Description=.*Minos (console|engine)$", unit, re.MULTILINE)
    assert re.search(r"^MemoryMax=\dG$", unit, re.MULTILINE)
    assert "/etc/minos/production.ini" in unit and "User=minos" in unit and "StateDirectory=minos" in unit
    assert "minos.var = /var/lib/minos" in TEXT


def test_nginx_goes_where_the_console_listens() -> None:
    text = (TOP / "deploy" / "nginx.conf").read_text()
    assert "server 127.0.0.1:8088;" in text and "X-Forwarded-Proto $scheme" in text


def test_nginx_reads_it(tmp_path: Path) -> None:
    nginx = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    if nginx is None:
        pytest.skip("no nginx on this machine")
    pair = ["-keyout", str(tmp_path / "minos.key"), "-out", str(tmp_path / "minos.crt")]
    made = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-nodes",
        "-subj",
        "/CN=minos",
    ]
    subprocess.run([*made, *pair], check=True, capture_output=True)
    site = (TOP / "deploy/nginx.conf").read_text().replace("/etc/minos/tls", str(tmp_path))
    number = itertools.count()  # nginx -t binds what it would listen on
    site = re.sub(r"listen (\[::\]:)?\d+", lambda _found: f"listen unix:{tmp_path}/{next(number)}", site)
    (tmp_path / "site.conf").write_text(site)
    places = "".join(
        f"{kind}_temp_path {tmp_path}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    whole = f"pid {tmp_path}/pid; error_log stderr; events {{}} http {{ access_log off; {places} include {tmp_path}/site.conf; }}"
    (tmp_path / "nginx.conf").write_text(whole)
    done = subprocess.run(
        [nginx, "-t", "-c", str(tmp_path / "nginx.conf")], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
