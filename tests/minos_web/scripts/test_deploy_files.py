"""minos-deploy-files: files that fit this installation and each other, and that never replace what somebody changed."""

import configparser
import re
import stat
import sysconfig
from collections.abc import Callable
from pathlib import Path

import pytest
from pyramid.paster import get_appsettings

import minos_web
from minos_common.settings import ConsoleSettings, WorkerSettings, read_settings
from minos_web.scripts import deploy_files
from minos_web.scripts.deploy_files import examples, main

Write = Callable[..., str]


@pytest.fixture
def write(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Write:
    """Runs the command for a directory of the test; what it printed."""

    def go(*more: str, url: str = "https://minos.site.example") -> str:
        assert main([str(tmp_path / "etc"), "--url", url, *more]) == 0
        return capsys.readouterr().out

    return go


def console_ini(path: Path) -> ConsoleSettings:
    return read_settings(ConsoleSettings, dict(get_appsettings(str(path), name="main")), "minos.")


def test_files_for_a_site(write: Write, tmp_path: Path) -> None:
    told = write("--var", "/srv/minos", "--user", "console")
    etc = tmp_path / "etc"
    assert {path.name for path in etc.iterdir()} == set(examples())
    assert stat.S_IMODE((etc / "production.ini").stat().st_mode) == 0o640
    assert stat.S_IMODE((etc / "nginx.conf").stat().st_mode) == 0o644
    settings = console_ini(etc / "production.ini")
    assert (settings.url, settings.var, settings.cookie_secure) == ("https://minos.site.example", "/srv/minos", True)
    scripts = sysconfig.get_path("scripts")
    unit = (etc / "minos-console.service").read_text()
    assert f"ExecStart={scripts}/pserve {etc}/production.ini" in unit
    assert (
        "User=console\nGroup=console\n" in unit and "ReadWritePaths=/srv/minos" in unit and "StateDirectory" not in unit
    )
    assert "server_name minos.site.example;" in (etc / "nginx.conf").read_text()
    everything = "".join(path.read_text() for path in etc.iterdir())
    assert "/var/lib/minos" not in everything and "/opt/minos" not in everything
    assert "minos.example.org" not in everything
    assert f"{scripts}/minos-init {etc}/production.ini" in told and "in the clear" not in told


def test_every_program_that_a_unit_runs_is_installed() -> None:
    setup = (Path(minos_web.__file__).parents[1] / "setup.py").read_text()
    programs = {*re.findall(r'"([\w-]+) = minos_', setup), "pserve"}
    units = {name: path.read_text() for name, path in examples().items() if name.endswith(".service")}
    assert {"minos-console.service", "minos-engine.service", "minos-worker.service", "minos-backup.service"} <= set(
        units
    )
    for name, text in units.items():
        run = re.findall(r"^ExecStart(?:Pre)?=\S+/([\w-]+) ", text, re.MULTILINE)
        assert run and set(run) <= programs, name


def test_without_https_one_can_sign_in(write: Write, tmp_path: Path) -> None:
    told = write(url="http://10.9.0.1:8088/")
    text = (tmp_path / "etc/production.ini").read_text()
    assert not console_ini(tmp_path / "etc/production.ini").cookie_secure and "\nlisten = 0.0.0.0:8088\n" in text
    assert "in the clear" in told


def test_a_port_of_its_own_for_nginx(write: Write, tmp_path: Path) -> None:
    write(url="https://minos.site.example:8443")
    nginx = (tmp_path / "etc/nginx.conf").read_text()
    assert (
        "listen 8443 ssl;" in nginx and "listen [::]:8443 ssl;" in nginx and "https://$host:8443$request_uri" in nginx
    )
    assert "\nlisten = 127.0.0.1:8088\n" in (tmp_path / "etc/production.ini").read_text()


@pytest.mark.parametrize(("url", "wire"), [("https://m.example", "m.example"), ("http://[fd00::1]:8088", "[fd00::1]")])
def test_the_worker_dials_the_console(write: Write, tmp_path: Path, url: str, wire: str) -> None:
    write(url=url)
    parser = configparser.ConfigParser(defaults={"here": "/home/work/minos"})
    parser.read(tmp_path / "etc/worker.ini")
    told = {key: value for key, value in parser["worker"].items() if key != "here"}
    settings = read_settings(WorkerSettings, told | {"console_key": "a" * 40}, "")
    assert (settings.console, settings.root) == (f"tcp://{wire}:8089", "/home/work/minos")
    assert told["console_key"] == "/home/work/minos/console.pub"
    assert "/home/work/minos/worker.ini" in (tmp_path / "etc/minos-worker.service").read_text()


def test_what_somebody_changed_stays(write: Write, tmp_path: Path) -> None:
    write()
    ini = tmp_path / "etc/production.ini"
    changed = ini.read_text().replace("minos.engine = inside", "minos.engine = outside")
    ini.write_text(changed)
    told = write()
    assert f"{ini}.new written (production.ini differs and stays: compare them)" in told
    assert f"{tmp_path}/etc/nginx.conf is as it should be" in told
    assert ini.read_text() == changed and "engine = inside" in ini.with_name("production.ini.new").read_text()


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (["--url", "minos.example.org"], "--url is an address such as https://"),
        (["--url", "https://minos.example.org/console"], "--url is an address"),
        (["--url", "https://minos.example.org:99999"], "--url is an address"),
        (["--url", "https://a;b"], "--url is an address"),
        (["--var", "relative"], "--var is an absolute directory, not relative"),
        (["--var", "/srv/100%"], "--var may hold no blanks"),
        (["--user", "a b"], "--user may hold no blanks"),
    ],
)
def test_what_cannot_be_is_refused(tmp_path: Path, more: list[str], words: str) -> None:
    with pytest.raises(SystemExit, match=re.escape(words)):
        main([str(tmp_path / "etc"), "--url", "https://minos.example.org", *more])
    assert not (tmp_path / "etc").exists()


def test_from_an_installed_wheel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "site-packages/minos_web"
    (package / "deploy").mkdir(parents=True)
    monkeypatch.setattr(minos_web, "__file__", str(package / "__init__.py"))
    with pytest.raises(deploy_files.Refused, match="install Minos again"):
        examples()
    (package / "deploy/production.ini").write_text("x")
    assert examples() == {"production.ini": package / "deploy/production.ini"}
