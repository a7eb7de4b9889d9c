"""minos-init and minos-user, as a person runs them."""

import re
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

import minos_web
from minos_common.wire import keys_at
from minos_web.console import Console
from minos_web.models.people import AuditEntry, User
from minos_web.scripts.migrate import migrations_dir, upgrade
from minos_web.scripts.opening import console_of_ini
from minos_web.security.passwords import matches
from minos_web.security.people import find_user
from minos_web.security.tokens import find_token
from minos_web.store import configdir

Run = Callable[..., str]


@pytest.fixture
def ini(tmp_path: Path) -> Path:
    """An ini of a console that was never initialized."""
    path = tmp_path / "site.ini"
    path.write_text(
        "[app:main]\nuse = egg:minos-console\n"
        "sqlalchemy.url = sqlite:///%(here)s/var/minos.sqlite\nminos.var = %(here)s/var\n"
    )
    return path


@pytest.fixture
def run(ini: Path) -> Run:
    """Runs a script on the ini in a process of its own; returns what it printed."""

    def go(script: str, *arguments: str, status: int = 0) -> str:
        command = [sys.executable, "-W", "ignore", "-m", f"minos_web.scripts.{script}", str(ini), *arguments]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == status, done.stderr
        return done.stdout + done.stderr

    return go


def opened(ini: Path) -> Console:
    return console_of_ini(str(ini))


def password_in(output: str) -> str:
    found = re.search(r"the password (\S+)", output)
    assert found is not None, output
    return found[1]


def test_a_bare_directory_becomes_a_console(run: Run, ini: Path, tmp_path: Path) -> None:
    token_file = tmp_path / "demo" / "token"
    output = run("initialize", "--token-file", str(token_file))
    console = opened(ini)
    before, after = upgrade(console.engine)
    assert before == after != ""
    with console.readers() as session:
        admin = session.scalars(select(User)).one()
        assert (admin.name, admin.role) == ("admin", "admin")
        assert matches(admin.password_hash, password_in(output))
        assert admin.must_change and admin.code_until == admin.created_at + 24 * 3600
        token = find_token(session, token_file.read_text().strip(), admin.created_at)
        assert token is not None and token.role == "admin"
        defaults = console.catalog.default_files()
        assert defaults
        assert {entry.path: entry.author for entry in configdir.listing(session)} == dict.fromkeys(defaults, "minos")
        assert len(session.scalars(select(AuditEntry)).all()) == 2
    for name in ("secret", "console.key"):
        assert stat.S_IMODE((console.var / name).stat().st_mode) == 0o600
    assert stat.S_IMODE(token_file.stat().st_mode) == 0o600
    assert (console.var / "console.pub").read_bytes().strip() == keys_at(console.var / "console.key").public


def test_a_second_run_changes_nothing_and_says_so(run: Run, ini: Path, tmp_path: Path) -> None:
    token_file = tmp_path / "token"
    run("initialize", "--token-file", str(token_file))
    before = {path: path.read_bytes() for path in (token_file, ini.parent / "var" / "console.key")}
    assert run("initialize", "--token-file", str(token_file)) == "everything is in place; nothing was changed\n"
    assert {path: path.read_bytes() for path in before} == before


def test_a_deleted_default_file_stays_deleted(run: Run, ini: Path) -> None:
    run("initialize")
    console = opened(ini)
    path = next(iter(console.catalog.default_files()))
    with console.writers.begin() as session:
        configdir.remove(session, configdir.Edit(path, "admin", 1.0))
    assert "nothing was changed" in run("initialize")
    with console.readers() as session:
        assert configdir.read(session, path) is None


def test_a_password_can_come_from_a_file(run: Run, ini: Path, tmp_path: Path) -> None:
    (tmp_path / "password").write_text("correct horse battery\n")
    output = run("initialize", "--user", "carol", "--password-file", str(tmp_path / "password"))
    assert "correct horse" not in output
    with opened(ini).readers() as session:
        user = find_user(session, "carol")
        assert user is not None and matches(user.password_hash, "correct horse battery")
        assert not user.must_change and user.code_until is None


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [(["--user", "../x"], "not a legal name"), (["--password-file", "{weak}"], "at least 12")],
)
def test_what_cannot_be_is_refused_with_a_sentence(run: Run, ini: Path, arguments: list[str], reason: str) -> None:
    weak = ini.parent / "weak"
    weak.write_text("weak")
    output = run("initialize", *[text.format(weak=weak) for text in arguments], status=1)
    assert reason in output
    assert "Traceback" not in output
    with opened(ini).readers() as session:
        assert session.scalar(select(User)) is None
        assert configdir.listing(session) == []


def test_a_lost_token_file_is_made_again(run: Run, tmp_path: Path) -> None:
    token_file = tmp_path / "token"
    run("initialize", "--token-file", str(token_file))
    token_file.write_text("minos_stale")
    assert "API token of admin written" in run("initialize", "--token-file", str(token_file))
    assert token_file.read_text() != "minos_stale"


@pytest.mark.parametrize("text", [None, "[server:main]\nlisten = x\n", "[app:main]\nsqlalchemy.url = x\n"])
def test_what_is_no_ini_is_refused_with_a_sentence(run: Run, ini: Path, text: str | None) -> None:
    ini.unlink() if text is None else ini.write_text(text)
    output = run("initialize", status=1)
    assert str(ini) in output
    assert "Traceback" not in output


def test_a_lost_password_is_reset(run: Run, ini: Path) -> None:
    first = password_in(run("initialize"))
    second = password_in(run("user", "reset", "admin"))
    with opened(ini).readers() as session:
        user = find_user(session, "admin")
        assert user is not None
        assert not matches(user.password_hash, first)
        assert matches(user.password_hash, second)
    assert run("user", "list") == "admin admin\n"
    assert "there is no user bob; there are: admin" in run("user", "reset", "bob", status=1)
    assert "whole" in run("user", "verify-audit")


def test_migrations_are_found_in_a_checkout() -> None:
    assert list((migrations_dir() / "versions").glob("0001_*.py"))


def test_migrations_are_found_in_an_installed_wheel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "site-packages" / "minos_web"
    shutil.copytree(migrations_dir(), package / "migrations")
    (tmp_path / "site-packages" / "alembic").mkdir()
    monkeypatch.setattr(minos_web, "__file__", str(package / "__init__.py"))
    assert migrations_dir() == package / "migrations"
    shutil.rmtree(package / "migrations")
    with pytest.raises(FileNotFoundError, match="install Minos again"):
        migrations_dir()
