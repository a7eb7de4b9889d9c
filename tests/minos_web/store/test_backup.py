"""Copies of the store, and packages that the disk damaged: found, told, and restored, by the commands people type."""

import errno
import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import select
from webtest import TestApp

from minos_web.console import Console
from minos_web.engine.rounds import Rounds
from minos_web.models.packages import Package
from minos_web.models.people import AuditEntry
from minos_web.operations.integrity import look, next_due
from minos_web.scripts import packages as command
from minos_web.store.backup import sha256_of
from minos_web.store.block_files import blocks_of, manifest_of
from minos_web.store.packages import file_of, find
from tests.minos_web.conftest import Browser

URL = "/api/v1/packages?artifact=zookeeper&revision=r1&name="


@pytest.fixture
def stored(api_as: Callable[[str], TestApp], tarball: Callable[..., bytes]) -> list[dict[str, Any]]:
    """Two packages as the API told them."""
    program = api_as("deployer")
    return [
        program.post(
            f"{URL}zookeeper-3.9.{number}.tar.gz",
            tarball({f"zookeeper-3.9.{number}/a": b"x" * number}),
            content_type="application/octet-stream",
        ).json
        for number in (1, 2)
    ]


@pytest.fixture
def minos_packages(
    console: Console, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str]]:
    """The command on this console: its exit code and what it printed."""
    monkeypatch.setattr(command, "console_of_ini", lambda _ini: console)

    def run(*words: object) -> tuple[int, str]:
        code = command.main(["the.ini", *map(str, words)])
        return code, capsys.readouterr().out

    return run


def row_of(console: Console, told: dict[str, Any]) -> Package:
    with console.readers() as session:
        row = session.get_one(Package, told["id"])
        session.expunge(row)
        return row


def test_a_copy_is_made_once_and_restores_what_was_lost(
    console: Console,
    stored: list[dict[str, Any]],
    minos_packages: Callable[..., tuple[int, str]],
    tmp_path: Path,
) -> None:
    copy = tmp_path / "copy"
    assert "2 copied" in minos_packages("backup", copy)[1]
    assert "0 copied, 2 in all" in minos_packages("backup", copy)[1]
    before = row_of(console, stored[0])
    with console.writers.begin() as session:
        for row in session.scalars(select(Package)):
            file_of(console.var, row).unlink()
            session.delete(row)
    assert "2 restored" in minos_packages("restore", copy)[1]
    with console.readers() as session:
        after = next(row for row in find(session) if row.sha256 == before.sha256)
        same = ("revision", "timestamp", "uploaded_by", "name", "path", "version")
        assert [getattr(after, name) for name in same] == [getattr(before, name) for name in same]
        assert hashlib.sha256(file_of(console.var, after).read_bytes()).hexdigest() == before.sha256
    assert "0 restored" in minos_packages("restore", copy)[1]


def test_a_damaged_file_is_not_copied_over_a_good_one(
    console: Console, stored: list[dict[str, Any]], minos_packages: Callable[..., tuple[int, str]], tmp_path: Path
) -> None:
    file = file_of(console.var, row_of(console, stored[0]))
    file.write_bytes(bytes(file.stat().st_size))
    copy = tmp_path / "copy"
    code, out = minos_packages("backup", copy)
    assert code == 1 and "it is damaged" in out and "1 copied" in out, "the others are copied all the same"
    assert not list(copy.rglob("*.part"))


def test_a_copy_keeps_what_the_store_lost(
    console: Console, stored: list[dict[str, Any]], minos_packages: Callable[..., tuple[int, str]], tmp_path: Path
) -> None:
    copy = tmp_path / "copy"
    minos_packages("backup", copy)
    file = file_of(console.var, row_of(console, stored[0]))
    content = file.read_bytes()
    file.write_bytes(content + b"?")
    assert minos_packages("check")[0] == 1
    assert minos_packages("backup", copy)[0] == 0, "what is damaged is not asked for"
    assert "1 could not be" not in minos_packages("restore", copy)[1]
    assert file.read_bytes() == content and row_of(console, stored[0]).state == "ready"


def test_a_damaged_copy_keeps_no_other_out(
    console: Console, stored: list[dict[str, Any]], minos_packages: Callable[..., tuple[int, str]], tmp_path: Path
) -> None:
    copy = tmp_path / "copy"
    minos_packages("backup", copy)
    next(copy.rglob("zookeeper-3.9.1.tar.gz")).write_bytes(b"broken")
    with console.writers.begin() as session:
        for row in session.scalars(select(Package)):
            file_of(console.var, row).unlink()
            session.delete(row)
    code, out = minos_packages("restore", copy)
    assert code == 1 and "1 restored" in out and "1 could not be" in out


def test_a_disk_that_is_away_damages_nothing_and_a_file_that_is_right_again_is_ready(
    console: Console, stored: list[dict[str, Any]], minos_packages: Callable[..., tuple[int, str]]
) -> None:
    store = console.var / "packages"
    store.rename(console.var / "away")
    assert minos_packages("check")[0] == 1
    assert row_of(console, stored[0]).state == "ready"
    (console.var / "away").rename(store)
    file = file_of(console.var, row_of(console, stored[0]))
    file.rename(file.with_name("aside"))
    assert minos_packages("check")[0] == 1 and row_of(console, stored[0]).state == "damaged"
    file.with_name("aside").rename(file)
    assert minos_packages("check")[0] == 0 and row_of(console, stored[0]).state == "ready"


@pytest.mark.parametrize("path", ["../../etc/passwd", "/etc/passwd"])
def test_a_copy_that_leads_elsewhere_is_refused(
    minos_packages: Callable[..., tuple[int, str]], tmp_path: Path, path: str
) -> None:
    one = {
        "artifact": "a", "name": "a-1.tar", "revision": "r", "timestamp": "20260101-000000", "size": 1, "sha256": "0" * 64,
        "uploaded_by": "x", "uploaded_at": 1.0, "path": path,
    }  # fmt: skip
    (tmp_path / "packages.json").write_text(json.dumps([one]))
    with pytest.raises(SystemExit, match="leads out"):
        minos_packages("restore", tmp_path)
    with pytest.raises(SystemExit, match="no copy"):
        minos_packages("restore", tmp_path / "nothing")


@pytest.mark.parametrize("harm", [("changed", "the disk changed it"), ("gone", "is gone")])
def test_damage_is_found_told_and_made_good_by_the_same_upload(
    console: Console,
    stored: list[dict[str, Any]],
    api_as: Callable[[str], TestApp],
    testapp: Browser,
    minos_packages: Callable[..., tuple[int, str]],
    harm: tuple[str, str],
) -> None:
    kind, words = harm
    file = file_of(console.var, row_of(console, stored[0]))
    content = file.read_bytes()
    if kind == "gone":
        file.unlink()
    else:
        file.write_bytes(content[:-1] + b"?")
    code, out = minos_packages("check")
    assert code == 1 and words in out and "zookeeper-3.9.2.tar.gz: right" in out
    program = api_as("deployer")
    found = program.get("/api/v1/packages", {"state": "damaged"}).json["packages"]
    assert [(one["id"], one["state"]) for one in found] == [(stored[0]["id"], "damaged")] and words in found[0][
        "reason"
    ]
    assert words in testapp.get("/packages").text and words in testapp.get(f"/packages/{stored[0]['id']}").text
    with console.readers() as session:
        assert session.scalars(select(AuditEntry).where(AuditEntry.action == "package.damaged")).all()
    again = program.post(f"{URL}zookeeper-3.9.1.tar.gz", content, content_type="application/octet-stream").json
    assert (again["id"], again["state"]) == (stored[0]["id"], "ready")
    assert minos_packages("check")[0] == 0


def test_the_round_takes_each_in_turn_once_a_week(console: Console, stored: list[dict[str, Any]]) -> None:
    looked = []
    for _ in stored:
        due = next_due(console, 2e9)
        assert due is not None
        looked.append(due)
        assert look(console, due) == ""
    assert sorted(looked) == sorted(one["id"] for one in stored)
    now = row_of(console, stored[0]).checked_at or 0.0
    assert next_due(console, now + 6 * 86400) is None
    assert next_due(console, now + 8 * 86400) == looked[0]


def test_a_package_that_cannot_be_read_keeps_no_other_from_its_turn(
    console: Console, stored: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, good = (one["id"] for one in stored)
    rounds = Rounds(console, lambda: None)

    def sick(path: Path) -> str:
        if path == file_of(console.var, row_of(console, stored[0])):
            raise OSError(errno.EIO, "Input/output error")
        return sha256_of(path)

    monkeypatch.setattr("minos_web.operations.integrity.sha256_of", sick)
    for _ in range(2):
        rounds._rehash()
    states = {one: row_of(console, told) for one, told in zip((bad, good), stored, strict=True)}
    assert (states[bad].checked_at, states[bad].state) == (None, "ready") and states[good].checked_at


def test_blocks_that_are_missing_or_damaged_are_made_anew(console: Console, stored: list[dict[str, Any]]) -> None:
    number = stored[0]["id"]
    console = replace(console, settings=msgspec.structs.replace(console.settings, spread_from_bytes=1))
    assert look(console, number) == "" and row_of(console, stored[0]).manifest
    blocks = blocks_of(console.var, row_of(console, stored[0]))
    right = blocks.read_bytes()
    blocks.write_bytes(bytes(len(right)))
    assert look(console, number) == "" and blocks.read_bytes() == right
    manifest_of(console.var, row_of(console, stored[0])).unlink()
    assert look(console, number) == "" and manifest_of(console.var, row_of(console, stored[0])).exists()
