"""The package store: only whole archives get in, once each, and never past the limits or outside the directory."""

import contextlib
import hashlib
import io
import shutil
import tarfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from minos_web.console import Console
from minos_web.models.packages import Package
from minos_web.store.arriving import BadPackage, Incoming, NoRoom, TooLarge
from minos_web.store.packages import Sessions, contents_of, file_of, find, latest, receive

CLAIM = Incoming("zookeeper", "r1", "zookeeper-3.9.9.tar.gz", "alice", 1_700_000_000.0, 10_000_000, 0)


def sessions(session: Session) -> Sessions:
    """Asks with the session that writes: rows of these tests are not committed."""
    return Sessions(lambda: contextlib.nullcontext(session), session)  # type: ignore[arg-type, return-value]


def put(session: Session, var: Path, content: bytes, **changes: Any) -> tuple[Package, bool]:
    return receive(sessions(session), var, io.BytesIO(content), replace(CLAIM, **changes))


def files_in(var: Path) -> list[str]:
    return sorted(path.relative_to(var).as_posix() for path in (var / "packages").rglob("*") if path.is_file())


def test_a_package_lies_where_its_row_says(session: Session, tmp_path: Path, tarball: Callable[..., bytes]) -> None:
    content = tarball()
    row, created = put(session, tmp_path, content)
    assert created
    assert row.path == "packages/zookeeper/r1-20231114-221320/zookeeper-3.9.9.tar.gz"
    assert file_of(tmp_path, row).read_bytes() == content
    assert (row.size, row.timestamp, row.uploaded_by) == (len(content), "20231114-221320", "alice")
    assert row.sha256 == hashlib.sha256(content).hexdigest()
    assert row.sha1 == hashlib.sha1(content).hexdigest()
    assert files_in(tmp_path) == [row.path]


@pytest.mark.parametrize("mode", ["w:gz", "w:xz", "w:bz2"])
def test_all_usual_compressions_are_taken(
    session: Session, tmp_path: Path, tarball: Callable[..., bytes], mode: str
) -> None:
    assert put(session, tmp_path, tarball(mode=mode))[1]


def test_the_same_content_is_kept_once_per_artifact(
    session: Session, tmp_path: Path, tarball: Callable[..., bytes]
) -> None:
    content = tarball()
    first, _ = put(session, tmp_path, content)
    again, created = put(session, tmp_path, content, revision="r2", name="other.tar.gz")
    assert (again, created) == (first, False)
    _, created = put(session, tmp_path, content, artifact="other")
    assert created
    assert len(files_in(tmp_path)) == 2


def test_a_file_that_was_lost_comes_back_by_uploading_it_again(
    session: Session, tmp_path: Path, tarball: Callable[..., bytes]
) -> None:
    row, _ = put(session, tmp_path, tarball())
    file_of(tmp_path, row).unlink()
    assert put(session, tmp_path, tarball()) == (row, False)
    assert file_of(tmp_path, row).read_bytes() == tarball()


def test_two_uploads_of_one_second_do_not_meet(session: Session, tmp_path: Path, tarball: Callable[..., bytes]) -> None:
    rows = [put(session, tmp_path, tarball({"a": bytes([n])}))[0] for n in range(3)]
    assert len({row.path for row in rows}) == 3
    assert [file_of(tmp_path, row).is_file() for row in rows] == [True] * 3


def refused(session: Session, var: Path, content: bytes, **changes: Any) -> BadPackage:
    """The refusal of an upload that must leave nothing behind."""
    with pytest.raises(BadPackage) as caught:
        put(session, var, content, **changes)
    assert not (var / "packages").exists() or files_in(var) == []
    assert session.scalar(select(func.count()).select_from(Package)) == 0
    return caught.value


HOSTILE = [
    "",
    "../x",
    "a/b",
    "/etc/passwd",
    "..",
    ".",
    ".hidden",
    "-rf",
    "a\0b",
    "a\nb",
    "a b",
    "ä",
    "x" * 300,
    "a\\b",
    "$(id)",
]


@pytest.mark.parametrize("field", ["artifact", "revision", "name"])
@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_names_are_refused(
    session: Session, tmp_path: Path, tarball: Callable[..., bytes], field: str, text: str
) -> None:
    assert refused(session, tmp_path, tarball(), **{field: text}).field == field


def quarantined(session: Session, var: Path, content: bytes, **changes: Any) -> Package:
    """The row of a package that no host would unpack: its file is kept apart, and nobody finds it by chance."""
    row, created = put(session, var, content, **changes)
    assert created and row.state == "quarantined" and row.contents is None
    assert files_in(var) == [row.path] and row.path.startswith("packages/.quarantine/zookeeper/r1-")
    assert find(session) == [] and find(session, state="quarantined") == [row] and latest(session, "zookeeper") is None
    return row


def cut(content: bytes) -> bytes:
    return content[:-20]


def spoilt(content: bytes) -> bytes:
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 0xFF]) + content[middle + 1 :]


@pytest.mark.parametrize("mode", ["w:gz", "w:xz", "w:bz2"])
@pytest.mark.parametrize("spoil", [cut, spoilt])
def test_broken_tarballs_are_refused(
    session: Session, tmp_path: Path, tarball: Callable[..., bytes], mode: str, spoil: Callable[[bytes], bytes]
) -> None:
    noise = bytes(n * n % 251 for n in range(5000))
    reason = quarantined(session, tmp_path, spoil(tarball({"a/b": noise}, mode=mode))).reason
    assert "damaged" in reason or "a header's" in reason


@pytest.mark.parametrize(
    "content",
    [b"just text", b"\x1f\x8b", b"PK\x03\x04 no zip", b"BZh9", b"\xfd7zXZ\x00", b"\x7fELF" + b"\0" * 500],
)
def test_what_is_no_archive_is_refused(session: Session, tmp_path: Path, content: bytes) -> None:
    assert quarantined(session, tmp_path, content).reason


def test_nothing_is_refused_and_kept_nowhere(session: Session, tmp_path: Path) -> None:
    assert refused(session, tmp_path, b"").field == "file"


@pytest.mark.parametrize("name", ["../evil", "/etc/evil", "a/../../evil"])
def test_archives_that_reach_outside_are_refused(
    session: Session, tmp_path: Path, tarball: Callable[..., bytes], name: str
) -> None:
    reason = quarantined(session, tmp_path, tarball({name: b"x"})).reason
    assert "leads upwards" in reason or "absolute path" in reason


def test_what_was_refused_and_is_fine_by_todays_rules_leaves_quarantine(
    session: Session, tmp_path: Path, tarball: Callable[..., bytes]
) -> None:
    row, _ = put(session, tmp_path, tarball())
    (tmp_path / "packages/.quarantine").mkdir()
    moved = file_of(tmp_path, row).rename(tmp_path / "packages/.quarantine/a")
    row.state, row.reason, row.path = "quarantined", "by yesterday's", moved.relative_to(tmp_path).as_posix()
    session.flush()
    again, created = put(session, tmp_path, tarball())
    assert (again, created, again.state, again.reason) == (row, False, "ready", "")
    assert files_in(tmp_path) == [row.path] and ".quarantine" not in row.path


def test_what_is_in_it_is_known(session: Session, tmp_path: Path, tarball: Callable[..., bytes]) -> None:
    row, _ = put(session, tmp_path, tarball({"zookeeper-3.9.9/lib/a-b-1.2.jar": b"12345", "zookeeper-3.9.9/x": b""}))
    found = contents_of(row)
    assert found is not None and row.version == "3.9.9"
    assert (found.members, found.bytes, found.top, found.notes) == (2, 5, "zookeeper-3.9.9", [])
    assert found.listed == [("zookeeper-3.9.9/lib/a-b-1.2.jar", 5), ("zookeeper-3.9.9/x", 0)]
    assert [(jar.name, jar.version) for jar in found.jars] == [("a-b", "1.2")]


def test_an_empty_archive_is_refused(session: Session, tmp_path: Path) -> None:
    target = io.BytesIO()
    tarfile.open(fileobj=target, mode="w:gz").close()
    assert "empty" in quarantined(session, tmp_path, target.getvalue()).reason


def test_a_wrong_checksum_is_refused_and_a_right_one_taken(
    session: Session, tmp_path: Path, tarball: Callable[..., bytes]
) -> None:
    content = tarball()
    right = hashlib.sha256(content).hexdigest()
    error = refused(session, tmp_path, content, expected_sha256="0" * 64)
    assert error.field == "sha256"
    assert right in str(error)
    assert put(session, tmp_path, content, expected_sha256=right.upper())[1]


class Endless:
    """An upload that never ends; counts what was taken of it."""

    def __init__(self) -> None:
        self.given = 0

    def read(self, size: int, /) -> bytes:
        self.given += size
        return b"x" * size


def test_an_upload_stops_at_the_limit(session: Session, tmp_path: Path) -> None:
    stream = Endless()
    with pytest.raises(TooLarge, match="3000000"):
        receive(sessions(session), tmp_path, stream, replace(CLAIM, max_bytes=3_000_000))
    assert stream.given <= 4 * 1024 * 1024
    assert files_in(tmp_path) == []


def test_an_upload_stops_before_the_disk_is_full(session: Session, tmp_path: Path) -> None:
    keep = shutil.disk_usage(tmp_path).free - 3_000_000
    stream = Endless()
    with pytest.raises(NoRoom, match="must stay so"):
        receive(sessions(session), tmp_path, stream, replace(CLAIM, max_bytes=10**12, keep_free=keep))
    assert stream.given <= 64 * 1024 * 1024
    assert files_in(tmp_path) == []


class Broken:
    """A connection that breaks in the middle."""

    def __init__(self) -> None:
        self.pieces = [b"\x1f\x8b" + b"x" * 1000]

    def read(self, _size: int, /) -> bytes:
        if self.pieces:
            return self.pieces.pop()
        raise ConnectionError("gone")


def test_a_broken_connection_leaves_nothing(session: Session, tmp_path: Path) -> None:
    with pytest.raises(ConnectionError):
        receive(sessions(session), tmp_path, Broken(), CLAIM)
    assert files_in(tmp_path) == []


def test_what_a_crash_left_is_cleared_away_a_day_later(
    session: Session, tmp_path: Path, tarball: Callable[..., bytes]
) -> None:
    left = tmp_path / "packages" / ".incoming" / "left"
    left.parent.mkdir(parents=True)
    left.write_bytes(b"half")
    put(session, tmp_path, tarball(), now=time.time() + 3600)
    assert left.exists()
    put(session, tmp_path, tarball(), now=time.time() + 90000)
    assert not left.exists()


def test_the_newest_upload_is_the_latest_whatever_its_version(
    session: Session, tmp_path: Path, tarball: Callable[..., bytes]
) -> None:
    newer, _ = put(session, tmp_path, tarball({"a": b"1"}), name="zookeeper-3.9.9.tar.gz")
    older, _ = put(session, tmp_path, tarball({"a": b"2"}), name="zookeeper-3.8.1.tar.gz")
    put(session, tmp_path, tarball({"a": b"3"}), artifact="kafka")
    assert latest(session, "zookeeper") is older
    assert latest(session, "zookeeper", "zookeeper-3.9.9.tar.gz") is newer
    assert latest(session, "zookeeper", "none.tar.gz") is None
    assert find(session, artifact="zookeeper") == [older, newer]
    assert len(find(session)) == 3


def test_an_upload_that_ends_while_another_begins_harms_neither(
    console: Console, tarball: Callable[..., bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    ended = console.var / "packages" / ".incoming" / "of-another"
    ended.parent.mkdir(parents=True)
    monkeypatch.setattr(Path, "iterdir", lambda _directory: iter([ended]))  # listed, and gone before it is looked at
    with console.writers.begin() as session:
        assert put(session, console.var, tarball())[1]


def test_the_same_upload_at_the_same_time_is_kept_once(console: Console, tarball: Callable[..., bytes]) -> None:
    content = tarball()

    def upload(_number: int) -> tuple[int, bool]:
        with console.writers.begin() as session:
            row, created = put(session, console.var, content)
            return row.id, created

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(upload, range(6)))
    assert len({package for package, _ in answers}) == 1
    assert sorted(created for _, created in answers) == [False] * 5 + [True]
    assert len(files_in(console.var)) == 1
