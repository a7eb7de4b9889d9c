"""The virtual config directory: read as of any revision, saved one file at a time, nothing ever overwritten."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Select, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from minos_common.names import BadName, check
from minos_web.clusterfile.tree import NotText
from minos_web.models.config import ConfigFile, ConfigRevision
from minos_web.models.lease import Lease

MOST_BYTES = 1024 * 1024
MOST_PARTS = 10
LONGEST_PATH = 400
SAVING = "config"
"""Name of the row that whoever saves holds."""
RESERVED = "revisions"
"""Last part of a URL that asks for a file's history, so no file may have this name."""


AT_THE_ROOT = frozenset({"deploy.cfg", "deploy_supervisor.cfg", "alert.cfg", "collector.cfg"})
"""Files of an old Minos that stand in no folder; any other .cfg there is a cluster file in the wrong place."""


class BadPath(ValueError):
    """A text that cannot be the path of a file here."""

    field = "path"


class BadContent(ValueError):
    """Content that is no text, or too much of it."""

    field = "content"


class Missing(LookupError):
    """There is no such file (any more)."""


class Conflict(Exception):
    """Somebody saved the file since the editor read it. ``latest`` is what they left, None if there is nothing."""

    def __init__(self, latest: ConfigRevision | None) -> None:
        by = f"by {latest.author}, revision {latest.number}" if latest else "since: there is no such file"
        super().__init__(f"the file was changed {by}; look at that first")
        self.latest = latest


@dataclass(frozen=True)
class Edit:
    """Who changes which file when (epoch seconds), and why.

    ``based_on`` is the id of the file's newest revision as the author saw it, 0 if there was no such file, None to
    write whatever came between.
    """

    path: str
    author: str
    now: float
    note: str = ""
    based_on: int | None = None


@dataclass(frozen=True)
class Entry:
    """A file of the directory with its newest revision; ``size`` in bytes, ``at`` in epoch seconds."""

    path: str
    revision: int
    number: int
    author: str
    at: float
    size: int


AT_ONCE = 500
"""So many values go into one statement."""


class SavedTree:
    """The directory as of one revision. Reads each file at first use and keeps it."""

    def __init__(self, session: Session, revisions: dict[str, int]) -> None:
        self._session = session
        self._revisions = revisions
        self._texts: dict[str, str] = {}
        self._contents: dict[int, bytes] = {}

    def paths(self) -> Iterable[str]:
        """Path of every file."""
        return self._revisions.keys()

    def read(self, path: str) -> str | None:
        """Text of a file, None when there is none. Raises NotText."""
        if path not in self._revisions:
            return None
        if path not in self._texts:
            self._texts[path] = self._text(path)
        return self._texts[path]

    def read_ahead(self) -> None:
        """Every file at once, for who reads them all anyway."""
        ids = list(self._revisions.values())
        for start in range(0, len(ids), AT_ONCE):
            wanted = ConfigRevision.id.in_(ids[start : start + AT_ONCE])
            rows = self._session.execute(select(ConfigRevision.id, ConfigRevision.content).where(wanted))
            self._contents |= {number: content for number, content in rows if content is not None}

    def _text(self, path: str) -> str:
        number = self._revisions[path]
        content = self._contents.get(number)
        if content is None:
            content = self._session.scalar(select(ConfigRevision.content).where(ConfigRevision.id == number))
        try:
            return (content or b"").decode("utf-8")
        except UnicodeDecodeError as error:
            raise NotText(f"{path} is not UTF-8 text (byte {error.start})") from error


def check_path(path: str) -> str:
    """Return ``path`` if it may be a file: every part a plain name, and a cluster file in its folder. Raises BadPath."""
    parts = path.split("/")
    if len(path) > LONGEST_PATH or len(parts) > MOST_PARTS:
        raise BadPath(f"path is too long: at most {LONGEST_PATH} characters and {MOST_PARTS} parts")
    if len(parts) < 2 and path.endswith(".cfg") and path not in AT_THE_ROOT:
        raise BadPath(f"path {path!r} names no folder; write for example conf/zookeeper/{path or 'zookeeper-test.cfg'}")
    if parts[-1] == RESERVED:
        raise BadPath(f"a file cannot be called {RESERVED}")
    try:
        for part in parts:
            check("file", part)
    except BadName as error:
        raise BadPath(f"path {path!r}: {error}") from error
    return path


def check_content(content: bytes) -> None:
    """Raises BadContent for what is no text, or too much."""
    if len(content) > MOST_BYTES:
        raise BadContent(f"the file has {len(content)} bytes; at most {MOST_BYTES} are taken")
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise BadContent(f"line {line} is not UTF-8 text (byte {error.start})") from error
    if "\0" in text:
        raise BadContent(f"line {text[: text.index(chr(0))].count(chr(10)) + 1} holds a NUL character")


def current_revision(session: Session) -> int:
    """The newest revision of the whole directory; 0 when nothing was ever saved."""
    return session.scalar(select(func.max(ConfigRevision.id))) or 0


def tree_at(session: Session, revision: int | None = None) -> SavedTree:
    """The directory as of ``revision`` (None: now)."""
    newest = _newest(revision).subquery()
    rows = session.execute(
        select(ConfigFile.path, ConfigRevision.id)
        .join(newest, newest.c.id == ConfigRevision.id)
        .join(ConfigFile, ConfigFile.id == ConfigRevision.file_id)
        .where(ConfigRevision.content.is_not(None))
        .order_by(ConfigFile.path)
    )
    return SavedTree(session, {path: number for path, number in rows})


def listing(session: Session) -> list[Entry]:
    """Every file there is now, by path."""
    newest = _newest(None).subquery()
    rows = session.execute(
        select(
            ConfigFile.path,
            ConfigRevision.id,
            ConfigRevision.number,
            ConfigRevision.author,
            ConfigRevision.at,
            func.length(ConfigRevision.content),
        )
        .join(newest, newest.c.id == ConfigRevision.id)
        .join(ConfigFile, ConfigFile.id == ConfigRevision.file_id)
        .where(ConfigRevision.content.is_not(None))
        .order_by(ConfigFile.path)
    )
    return [Entry(*row) for row in rows]


def contents(session: Session, revision: int | None = None) -> dict[str, tuple[bytes, float]]:
    """Path -> (content, time of its revision) of every file as of ``revision`` (None: now)."""
    newest = _newest(revision).subquery()
    rows = session.execute(
        select(ConfigFile.path, ConfigRevision.content, ConfigRevision.at)
        .join(newest, newest.c.id == ConfigRevision.id)
        .join(ConfigFile, ConfigFile.id == ConfigRevision.file_id)
        .where(ConfigRevision.content.is_not(None))
    )
    return {path: (content or b"", at) for path, content, at in rows}


def read(session: Session, path: str, revision: int | None = None) -> ConfigRevision | None:
    """The file as of ``revision`` of the directory (None: now); None when it is not there."""
    found = _latest(session, path, revision)
    return found if found is not None and found.content is not None else None


def history(session: Session, path: str) -> list[ConfigRevision]:
    """Every revision of a file, deletions too, newest first."""
    wanted = select(ConfigRevision).join(ConfigFile).where(ConfigFile.path == path)
    return list(session.scalars(wanted.order_by(ConfigRevision.id.desc())))


def save(session: Session, edit: Edit, content: bytes) -> ConfigRevision:
    """Save a file byte by byte; content that is there already makes no revision and returns the newest.

    Raises BadPath, BadContent, Conflict.
    """
    check_path(edit.path)
    check_content(content)
    _alone(session)
    file = _locked(session, edit.path)
    latest = _latest(session, edit.path)
    if latest is not None and latest.content == content:
        return latest
    _check_based_on(edit, latest)
    if file is None:
        file = ConfigFile(path=edit.path)
        session.add(file)
    return _add(session, edit, file, latest, content)


def remove(session: Session, edit: Edit) -> ConfigRevision:
    """Delete a file; its history stays. Raises BadPath, Missing, Conflict."""
    check_path(edit.path)
    _alone(session)
    file = _locked(session, edit.path)
    latest = _latest(session, edit.path)
    if file is None or latest is None or latest.content is None:
        raise Missing(f"there is no file {edit.path}")
    _check_based_on(edit, latest)
    return _add(session, edit, file, latest, None)


def _newest(revision: int | None) -> Select[int]:
    """Id of the newest revision of every file."""
    wanted = select(func.max(ConfigRevision.id).label("id")).group_by(ConfigRevision.file_id)
    return wanted if revision is None else wanted.where(ConfigRevision.id <= revision)


def _latest(session: Session, path: str, revision: int | None = None) -> ConfigRevision | None:
    wanted = select(ConfigRevision).join(ConfigFile).where(ConfigFile.path == path)
    if revision is not None:
        wanted = wanted.where(ConfigRevision.id <= revision)
    return session.scalar(wanted.order_by(ConfigRevision.id.desc()).limit(1))


def _alone(session: Session) -> None:
    """Let nobody else save until the transaction ends: what is saved first has the lower number, so that the directory as of a
    number never changes afterwards, whichever processes save.
    """
    if session.get(Lease, SAVING, with_for_update=True) is None:
        try:
            with session.begin_nested():
                session.add(Lease(name=SAVING, holder="", epoch=0, seen_at=0.0))
        except IntegrityError:  # another process makes it at this moment
            session.get(Lease, SAVING, with_for_update=True)


def _locked(session: Session, path: str) -> ConfigFile | None:
    """The file's row, kept from other writers until the transaction ends."""
    return session.scalar(select(ConfigFile).where(ConfigFile.path == path).with_for_update())


def _check_based_on(edit: Edit, latest: ConfigRevision | None) -> None:
    if edit.based_on is None:
        return
    now_there = latest.id if latest is not None and latest.content is not None else 0
    if edit.based_on != now_there:
        raise Conflict(latest)


def _add(
    session: Session, edit: Edit, file: ConfigFile, latest: ConfigRevision | None, content: bytes | None
) -> ConfigRevision:
    row = ConfigRevision(
        file=file,
        number=latest.number + 1 if latest else 1,
        content=content,
        author=edit.author[:64],
        at=edit.now,
        note=edit.note[:400],
    )
    session.add(row)
    session.flush()
    return row
