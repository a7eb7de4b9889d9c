"""minos-backup and minos-restore, as they are typed: all of a console, and nothing by mistake."""

import os
import re
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from minos_web.models.packages import Package
from minos_web.models.people import User
from minos_web.scripts.backup import backup, restore
from minos_web.scripts.initialize import main as initialize
from minos_web.scripts.migrate import newest, revision_of, upgrade
from minos_web.scripts.opening import console_of_ini
from minos_web.security.audit import verify
from minos_web.store.packages import file_of

Say = Callable[[], str]
OLDEST = "0012"
"""The revision of an earlier release."""


@pytest.fixture
def printed(capsys: pytest.CaptureFixture[str]) -> Say:
    return lambda: capsys.readouterr().out


@pytest.fixture
def made(tmp_path: Path) -> Callable[[str], Path]:
    """The ini of a console of that name, not made ready."""

    def make(name: str) -> Path:
        ini, var = tmp_path / f"{name}.ini", tmp_path / name
        ini.write_text(
            f"[app:main]\nuse = egg:minos-console\nsqlalchemy.url = sqlite:///{tmp_path}/{name}.sqlite\n"
            f"minos.var = {var}\nminos.keep_free_bytes = 0\n"
        )
        return ini

    return make


@pytest.fixture
def first(made: Callable[[str], Path]) -> Path:
    """A console with an administrator and a package."""
    ini = made("first")
    initialize([str(ini)])
    console = console_of_ini(str(ini))
    row = Package(
        artifact="counter", name="counter-1.0.tar.gz", revision="r1", timestamp="20261201-100000", size=5,
        sha256="2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824", sha1="", uploaded_by="admin", uploaded_at=1.0,
        path="packages/counter/r1-20261201-100000/counter-1.0.tar.gz",
    )  # fmt: skip
    with console.writers.begin() as session:
        session.add(row)
        session.flush()
        file = file_of(console.var, row)
    file.parent.mkdir(parents=True)
    file.write_bytes(b"hello")
    console.engine.dispose()
    return ini


def only(folder: Path) -> Path:
    """The one backup in it."""
    (found,) = [path for path in folder.iterdir() if path.name != "packages"]
    return found


def test_everything_comes_back(first: Path, made: Callable[[str], Path], tmp_path: Path, printed: Say) -> None:
    copy = tmp_path / "copy"
    assert backup([str(first), str(copy)]) == 0
    assert "copied counter/r1-20261201-100000/counter-1.0.tar.gz" in printed()
    assert oct(only(copy).stat().st_mode & 0o777) == "0o700"
    second = made("second")
    assert restore([str(second), str(only(copy))]) == 0
    old, new = console_of_ini(str(first)), console_of_ini(str(second))
    assert new.secret == old.secret
    for name in ("console.key", "console.pub", "secret"):
        assert (new.var / name).read_bytes() == (old.var / name).read_bytes()
        assert (new.var / name).stat().st_mode == (old.var / name).stat().st_mode
    with new.readers() as session:
        assert session.scalar(select(func.count(User.id))) == 1
        assert list(verify(session, new.secret)) == []
        (row,) = session.scalars(select(Package))
        assert file_of(new.var, row).read_bytes() == b"hello"
    for console in (old, new):
        console.engine.dispose()
    assert initialize([str(second)]) == 0
    assert "everything is in place" in printed()


def test_a_console_that_has_something_is_not_overwritten(first: Path, tmp_path: Path) -> None:
    backup([str(first), str(tmp_path / "copy")])
    with pytest.raises(SystemExit, match="the database is not empty"):
        restore([str(first), str(only(tmp_path / "copy"))])


def test_only_the_newest_are_kept_when_told_so(first: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    for name in ("2020-11-01T000000Z", "2020-11-02T000000Z", "2020-11-03T000000Z", "packages", "mine"):
        (copy / name).mkdir(parents=True)
    assert backup([str(first), str(copy), "--keep", "2"]) == 0
    left = {path.name for path in copy.iterdir()} - {"packages", "mine"}
    assert len(left) == 2 and min(left) == "2020-11-03T000000Z" and (copy / "mine").is_dir()
    with pytest.raises(SystemExit):
        backup([str(first), str(copy), "--keep", "-1"])


def test_keys_are_not_overwritten(first: Path, made: Callable[[str], Path], tmp_path: Path) -> None:
    backup([str(first), str(tmp_path / "copy")])
    second = made("second")
    (tmp_path / "second").mkdir()
    (tmp_path / "second" / "console.key").write_text("mine")
    with pytest.raises(SystemExit, match=r"console\.key is another console's"):
        restore([str(second), str(only(tmp_path / "copy"))])
    assert (tmp_path / "second" / "console.key").read_text() == "mine"


def test_a_directory_without_a_backup_is_told(made: Callable[[str], Path], tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="name a directory that minos-backup made"):
        restore([str(made("second")), str(tmp_path)])


def test_tables_of_another_release_are_told(first: Path, made: Callable[[str], Path], tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "first.sqlite") as connection:
        connection.execute("update alembic_version set version_num = '9999'")
    with pytest.raises(SystemExit, match="run minos-init first"):
        backup([str(first), str(tmp_path / "copy")])
    assert not (tmp_path / "copy").exists()


def test_an_upgrade_keeps_what_was_and_leads_back(first: Path, tmp_path: Path, printed: Say) -> None:
    console = console_of_ini(str(first))
    for left in tmp_path.glob("first.sqlite*"):
        left.unlink()
    upgrade(console.engine, OLDEST)
    with console.writers.begin() as session:
        session.execute(text("insert into leases (name, holder, epoch, seen_at) values ('older', 'x', 7, 1.5)"))
    console.engine.dispose()
    printed()
    assert initialize([str(first)]) == 0
    (told,) = re.findall(r"a backup of the database as it was: (.*)", printed())
    for left in tmp_path.glob("first.sqlite*"):
        left.unlink()
    assert restore([str(first), told]) == 0
    console = console_of_ini(str(first))
    with console.readers() as session:
        assert session.execute(text("select epoch, seen_at from leases where name = 'older'")).one() == (7, 1.5)
    assert revision_of(console.engine) == newest()
    console.engine.dispose()


def test_a_package_that_is_gone_is_told_and_the_rest_comes_back(
    first: Path, made: Callable[[str], Path], tmp_path: Path, printed: Say
) -> None:
    backup([str(first), str(tmp_path / "copy"), "--without-packages"])
    second = made("second")
    assert restore([str(second), str(only(tmp_path / "copy"))]) == 1
    assert "1 packages are missing" in printed()


def test_a_full_disk_leaves_no_half_backup(first: Path, small_disk: Path) -> None:
    (small_disk / "filler").write_bytes(os.urandom(240 * 1024))
    with pytest.raises(SystemExit, match="No space left"):
        backup([str(first), str(small_disk / "copy")])
    assert [path.name for path in (small_disk / "copy").iterdir() if not path.name.startswith(".")] == []


def test_a_backup_has_its_name_only_when_all_of_it_is_on_the_disk(
    first: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    flush, rename = os.fsync, Path.rename

    def flushed(handle: int) -> None:
        done.append(Path(f"/proc/self/fd/{handle}").readlink().name)
        flush(handle)

    def renamed(path: Path, target: Path) -> Path:
        done.append("named")
        return rename(path, target)

    with monkeypatch.context() as watched:
        watched.setattr(os, "fsync", flushed)
        watched.setattr(Path, "rename", renamed)
        backup([str(first), str(tmp_path / "backups")])
    at = done.index("named")
    assert {"database.dump", "secret", "console.key", ".counter-1.0.tar.gz.part"} <= set(done[:at])
    assert done[at - 1].endswith(".part") and done[at + 1] == "backups"
