"""What must not be forgotten: commands before they are carried out, reports and events before they are told.

SQLite with a single connection (two would meet a known bug of its write-ahead log), every commit flushed to disk.
May be used from any thread.
"""

import logging
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from minos_common.states import Outcome
from minos_common.words import Brake, Command, Report, TaskEvent, TaskName
from minos_worker.lifecycle import Memory
from minos_worker.process.identity import boot_id

log = logging.getLogger(__name__)

KEEP_SECONDS = 7 * 24 * 3600.0
KEEP_COMMANDS = 100_000
KEEP_ALWAYS = 1000
"""The last commands are kept however old they seem: a clock that jumps must not make us forget what we did."""
KEEP_EVENTS = 10_000

_TABLES = """
create table if not exists facts (name text primary key, value text not null);
create table if not exists commands (
    command_id text primary key, attempt integer not null, verb text not null, args blob not null,
    received real not null, received_clock real not null, boot_id text not null, expires_in real not null,
    begun integer not null default 0, report blob, noted integer not null default 0);
create table if not exists events (number integer primary key autoincrement, event_id text unique not null,
    body blob not null);
create table if not exists memories (task text primary key, body blob not null);
create table if not exists brake (id integer primary key check (id = 1), revision integer not null, body blob not null);
"""


class Entry(NamedTuple):
    """A command as the journal has it. ``begun``: effects that may not be repeated have begun."""

    command: Command
    begun: bool
    report: Report | None
    noted: bool
    deadline_clock: float


class Journal:
    """The worker's memory. Methods that write raise sqlite3.Error when the disk does not take it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._boot = boot_id()
        self.moved_aside: Path | None = None
        try:
            self._connection = self._open()
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError):
                raise
            self.moved_aside = path.with_name(f"{path.name}.broken-{time.time():.0f}")
            log.error("%s cannot be read (%s): moved to %s, beginning a new one", path, error, self.moved_aside)
            path.rename(self.moved_aside)
            for end in ("-wal", "-shm"):
                path.with_name(path.name + end).unlink(missing_ok=True)
            self._connection = self._open()

    def _open(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, timeout=5, isolation_level=None, check_same_thread=False)
        self._path.chmod(0o600)
        connection.execute("pragma journal_mode = wal")
        connection.execute("pragma synchronous = full")
        connection.execute("pragma journal_size_limit = 16777216")
        connection.executescript(_TABLES)
        return connection

    def close(self) -> None:
        """Close the file; nothing may be called afterwards."""
        with self._lock:
            self._connection.close()

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            self._connection.execute("begin immediate")
            try:
                yield self._connection
            except BaseException:
                self._connection.rollback()
                raise
            try:
                self._connection.commit()
            except sqlite3.Error:
                self._connection.rollback()
                raise

    def count_start(self) -> int:
        """Add one start of this worker; how many there were."""
        with self._writing() as db:
            row = db.execute("select value from facts where name = 'starts'").fetchone()
            starts = int(row[0]) + 1 if row else 1
            db.execute("insert or replace into facts values ('starts', ?)", (str(starts),))
        return starts

    # ---- the emergency brake ----------------------------------------------------------------------------------

    def keep_brake(self, brake: Brake) -> None:
        """Keep what the console said of the brake, unless what is kept is newer."""
        with self._writing() as db:
            db.execute(
                "insert into brake values (1, ?, ?) on conflict (id) do update set revision = excluded.revision,"
                " body = excluded.body where excluded.revision > brake.revision",
                (brake.revision, msgspec.msgpack.encode(brake)),
            )

    def brake(self) -> Brake | None:
        """What was kept of the brake; None when nothing was."""
        with self._lock:
            row = self._connection.execute("select body from brake").fetchone()
        return msgspec.msgpack.decode(row[0], type=Brake) if row else None

    # ---- commands ---------------------------------------------------------------------------------------------

    def accept(self, command: Command) -> None:
        """Keep a command before acting on it; a new attempt takes the place of the old one."""
        clock = time.clock_gettime(time.CLOCK_BOOTTIME)
        values = (command.command_id, command.attempt, command.verb, bytes(command.args), time.time(), clock)
        with self._writing() as db:
            db.execute(
                "insert or replace into commands (command_id, attempt, verb, args, received, received_clock, boot_id,"
                " expires_in) values (?, ?, ?, ?, ?, ?, ?, ?)",
                (*values, self._boot, command.expires_in),
            )

    def begin(self, command_id: str) -> None:
        """Note that effects begin which may not be repeated by themselves."""
        with self._writing() as db:
            db.execute("update commands set begun = 1 where command_id = ?", (command_id,))

    def report(self, report: Report) -> None:
        """Keep the answer before it is told."""
        with self._writing() as db:
            db.execute(
                "update commands set report = ? where command_id = ? and attempt = ?",
                (msgspec.msgpack.encode(report), report.command_id, report.attempt),
            )

    def find(self, command_id: str) -> Entry | None:
        """What is known of a command."""
        with self._lock:
            row = self._connection.execute(f"{_SELECT} where command_id = ?", (command_id,)).fetchone()
        return self._entry(row) if row else None

    def unfinished(self) -> list[Entry]:
        """Commands without an answer, oldest first."""
        return self._entries("where report is null order by rowid")

    def unnoted(self) -> list[Report]:
        """Answers that the console has not noted, oldest first."""
        entries = self._entries("where report is not null and noted = 0 order by rowid")
        return [entry.report for entry in entries if entry.report]

    def note(self, command_ids: list[str], event_ids: list[str]) -> None:
        """The console has these."""
        with self._writing() as db:
            marks = [(text,) for text in command_ids]
            db.executemany("update commands set noted = 1 where command_id = ? and report is not null", marks)
            db.executemany("delete from events where event_id = ?", [(text,) for text in event_ids])

    def drop(self, verbs: frozenset[str]) -> None:
        """Forget every command of these verbs."""
        chosen = ",".join("?" * len(verbs))
        with self._writing() as db:
            db.execute(f"delete from commands where verb in ({chosen})", sorted(verbs))

    def prune(self) -> None:
        """Forget what is old and noted; called now and then."""
        with self._writing() as db:
            last = "select rowid from commands order by rowid desc limit ?"
            db.execute(
                f"delete from commands where noted = 1 and received < ? and rowid not in ({last})",
                (time.time() - KEEP_SECONDS, KEEP_ALWAYS),
            )
            db.execute(f"delete from commands where noted = 1 and rowid not in ({last})", (KEEP_COMMANDS,))
            db.execute("delete from events where number <= (select max(number) from events) - ?", (KEEP_EVENTS,))

    def _entries(self, condition: str) -> list[Entry]:
        with self._lock:
            rows = self._connection.execute(f"{_SELECT} {condition}").fetchall()
        return [self._entry(row) for row in rows]

    def _entry(self, row: tuple[Any, ...]) -> Entry:
        command_id, attempt, verb, args, received, received_clock, boot, expires_in, begun, report, noted = row
        command = Command(command_id, verb, msgspec.Raw(args), expires_in, attempt)
        answer = msgspec.msgpack.decode(report, type=Report) if report is not None else None
        if boot == self._boot:
            deadline = received_clock + expires_in
        else:  # clocks since boot mean nothing across a boot
            left = received + expires_in - time.time()
            deadline = time.clock_gettime(time.CLOCK_BOOTTIME) + left
        return Entry(command, bool(begun), answer, bool(noted), deadline)

    # ---- tasks ------------------------------------------------------------------------------------------------

    def remember(self, task: TaskName, memory: Memory, event: TaskEvent | None) -> None:
        """Keep a task's memory, and in the same breath the event that tells of the change."""
        with self._writing() as db:
            db.execute("insert or replace into memories values (?, ?)", (_key(task), msgspec.msgpack.encode(memory)))
            if event is not None:
                body = msgspec.msgpack.encode(event)
                db.execute("insert into events (event_id, body) values (?, ?)", (event.event_id, body))

    def forget(self, task: TaskName) -> None:
        """The task is no more."""
        with self._writing() as db:
            db.execute("delete from memories where task = ?", (_key(task),))

    def memories(self) -> dict[TaskName, Memory]:
        """What was last known of every task."""
        with self._lock:
            rows = self._connection.execute("select task, body from memories").fetchall()
        return {
            msgspec.json.decode(task, type=TaskName): msgspec.msgpack.decode(body, type=Memory) for task, body in rows
        }

    def events(self) -> list[TaskEvent]:
        """Events that the console has not noted, oldest first."""
        with self._lock:
            rows = self._connection.execute("select body from events order by number").fetchall()
        return [msgspec.msgpack.decode(row[0], type=TaskEvent) for row in rows]


_SELECT = (
    "select command_id, attempt, verb, args, received, received_clock, boot_id, expires_in, begun, report, noted"
    " from commands"
)


def look(path: Path) -> int:
    """Read a journal through, beside the worker that writes it; how many commands it has. Raises sqlite3.Error, or
    msgspec.MsgspecError for what this release does not understand."""
    if not path.exists():
        return 0
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=5)
    try:
        count = 0
        for (report,) in connection.execute("select report from commands"):
            count += 1
            if report is not None:
                msgspec.msgpack.decode(report, type=Report)
        for task, body in connection.execute("select task, body from memories"):
            msgspec.json.decode(task, type=TaskName)
            msgspec.msgpack.decode(body, type=Memory)
        for (body,) in connection.execute("select body from events"):
            msgspec.msgpack.decode(body, type=TaskEvent)
        return count
    finally:
        connection.close()


def interrupted(entry: Entry, message: str) -> Report:
    """The answer to a command whose effects had begun when the worker died."""
    now = time.time()
    return Report(entry.command.command_id, Outcome.INTERRUPTED, message, entry.command.attempt, started=now, ended=now)


def _key(task: TaskName) -> str:
    return msgspec.json.encode(task).decode()
