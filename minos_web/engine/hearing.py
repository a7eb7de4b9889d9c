"""What a worker says becomes rows. Knows no socket: a message in, messages out."""

import logging
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

import msgspec
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from minos_common.instants import utc_minute
from minos_common.states import HostState
from minos_common.wire import fingerprint
from minos_common.words import (
    Accepted,
    Beat,
    BeatAnswer,
    Facts,
    FromConsole,
    FromWorker,
    Hello,
    Holds,
    Noted,
    Output,
    Progress,
    Report,
    Samples,
    TaskEvent,
    TaskStates,
    Welcome,
)
from minos_web.console import Console
from minos_web.engine.braking import Brakes
from minos_web.engine.drops import Drops
from minos_web.engine.presence import NOTHING, Presence, Told
from minos_web.engine.printed import Printed
from minos_web.models.hosts import Host
from minos_web.monitor.clocks import in_our_time
from minos_web.monitor.crashes import note_end
from minos_web.monitor.facts import take_facts
from minos_web.monitor.ingest import ingest
from minos_web.monitor.series.port import Batch
from minos_web.monitor.series.writing import SeriesWriter
from minos_web.monitor.states import apply_status, apply_statuses, record_change
from minos_web.operations.braking import MOST_REVISION, outgrow
from minos_web.operations.describe import refresh_clusters
from minos_web.operations.settle import accept_step, progress_step, repeat_lost, settle_step
from minos_web.operations.wanting import forget_wanted_of
from minos_web.security.audit import NewEntry, record
from minos_web.security.joining import BadJoin, join
from minos_web.security.rotation import owner_of_next, owner_of_previous, put_in_force

log = logging.getLogger(__name__)

MOST_PENDING = 1000


@dataclass(frozen=True)
class Heard:
    """A message with its origin. ``key`` is the CURVE key that the handshake proved; times as in presence."""

    key: str
    route: bytes
    monotonic: float
    wall: float


class Table:
    """A transaction that begins when it is first asked for: beats alone need none."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._open = ExitStack()
        self._session: Session | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.__exit__(kind, error, trace)

    @property
    def session(self) -> Session:
        """Of this transaction."""
        if self._session is None:
            self._session = self._open.enter_context(self._console.writers.begin())
        return self._session


class Hearing:
    """Handles every message of wire version 1. Belongs to the dispatcher's thread."""

    def __init__(self, console: Console, presence: Presence, drops: Drops, brakes: Brakes) -> None:
        self._console = console
        self._brakes = brakes
        self._presence = presence
        self._drops = drops
        self._writer = SeriesWriter()
        self._printed = Printed(console)
        self._joined = False
        self._handlers: dict[type, Callable[[Session, Host, Any, Heard], list[FromConsole]]] = {
            Accepted: self._accepted,
            Progress: self._progress,
            Report: self._report,
            TaskEvent: self._event,
            TaskStates: self._states,
            Holds: self._holds,
            Samples: self._samples,
            Facts: self._facts,
        }

    def hear(self, message: FromWorker, heard: Heard) -> list[FromConsole]:
        """Put a message on the table and return the answers. An unapproved key can say hello and nothing else."""
        return self.hear_together([(message, heard)])[0]

    def hear_together(self, several: Sequence[tuple[FromWorker, Heard]]) -> list[list[FromConsole]]:
        """Put messages on the table in one transaction, and return the answers to each. What one of them raises undoes all: they
        may be heard again, one by one.
        """
        then: list[Callable[[], None]] = []
        try:
            with Table(self._console) as table:
                answers = [self._hear(table, message, heard, then) for message, heard in several]
        except Exception:
            self._writer.forget()
            for _, heard in several:
                if (peer := self._presence.peers.get(heard.key)) is not None:
                    # What counted as told may not be on the table: the worker tells all of it again.
                    peer.told = Told(NOTHING)
            raise
        for act in then:  # only now, when all of it is on the table
            act()
        return answers

    def _hear(
        self, table: "Table", message: FromWorker, heard: Heard, then: list[Callable[[], None]]
    ) -> list[FromConsole]:
        if isinstance(message, Hello):
            return self._hello(table.session, message, heard, then)
        if heard.key not in self._presence.peers:
            return [Welcome(HostState.PENDING, "say hello first")]
        self._presence.heard(heard.key, heard.route, heard.monotonic, heard.wall)
        peer = self._presence.peers[heard.key]
        if isinstance(message, Beat):
            peer.degraded = message.degraded
            peer.clock_offset = message.clock - heard.wall
            peer.brake = min(message.brake, MOST_REVISION)
            return [BeatAnswer(message.number, heard.wall, peer.told.whole), *self._brakes.owed(peer.brake)]
        if isinstance(message, Output):
            return self._printed.take(peer.host_id, message)
        host = table.session.get_one(Host, peer.host_id)
        answers = self._handlers[type(message)](table.session, host, message, heard)
        if isinstance(message, Samples):
            then.append(lambda: peer.taken.add(message.batch_id))
        return answers

    def welcome_joined(self) -> None:
        """Hosts came in by their tokens: let the clusters find their tasks on them, once for however many."""
        if self._joined:
            self._joined = False
            with self._console.writers.begin() as session:
                refresh_clusters(session, self._console, time.time())

    def _hello(self, session: Session, hello: Hello, heard: Heard, then: list[Callable[[], None]]) -> list[FromConsole]:
        host = self._known(session, heard)
        if host is None and (owner := owner_of_previous(session, heard.key)) is not None:
            self._drops.note("unapproved", heard.key)
            return [_replaced(owner)]
        if host is None:
            host = self._newcomer(session, hello, heard)
        if host is None:
            self._drops.note("unapproved", heard.key)
            return [Welcome(HostState.PENDING, f"more than {MOST_PENDING} workers wait for approval already")]
        refusal = self._join(session, host, hello, heard)
        if host.state != HostState.APPROVED:
            self._presence.forget(heard.key)
            _describe(host, hello, heard)
            text = refusal or f"an operator must approve this worker; it is {host.state}"
            return [Welcome(host.state, text, host.name)]
        self._presence.approve(heard.key, host.id, host.name)
        self._presence.heard(heard.key, heard.route, heard.monotonic, heard.wall)
        peer = self._presence.peers[heard.key]
        peer.session, peer.snapshot_clock = hello.session, hello.clock
        peer.degraded, peer.clock_offset = hello.degraded, hello.clock - heard.wall
        if host.roots != msgspec.to_builtins(hello.roots):
            forget_wanted_of(session, host)
        _describe(host, hello, heard)
        apply_statuses(session, host, hello.tasks, heard.wall)
        repeat_lost(session, host, hello.open_commands)
        outgrow(session, hello.brake)
        self._brakes.look(session)
        peer.brake = min(hello.brake, MOST_REVISION)
        settings = self._console.settings
        welcome = Welcome(HostState.APPROVED, "", host.name, settings.beat_seconds, settings.sample_seconds)
        welcome.next_key = host.next_key or ""
        then.append(lambda: setattr(peer, "told", Told(hello.revision)))
        return [welcome, *self._brakes.owed(hello.brake)]

    def _known(self, session: Session, heard: Heard) -> Host | None:
        """The host whose key this is; the first use of a key that is expected of it puts that in force."""
        host = session.scalar(select(Host).where(Host.public_key == heard.key))
        if host is None and (host := owner_of_next(session, heard.key)) is not None:
            self._presence.forget(host.public_key)
            put_in_force(session, self._console.secret, host, heard.wall)
            log.info("%s uses its new key %s", host.name, fingerprint(heard.key))
        return host

    def _newcomer(self, session: Session, hello: Hello, heard: Heard) -> Host | None:
        pending = session.scalar(select(func.count()).select_from(Host).where(Host.state == HostState.PENDING))
        if (pending or 0) >= MOST_PENDING:
            return None
        host = Host(public_key=heard.key, state=HostState.PENDING, first_seen=heard.wall, name="", address="")
        session.add(host)
        log.info("a new worker says hello as %s (%s)", hello.name, hello.address)
        return host

    def _join(self, session: Session, host: Host, hello: Hello, heard: Heard) -> str:
        """Approve a pending worker that shows a token; why not, for the worker's log, or empty."""
        if host.state != HostState.PENDING or not hello.join_token:
            return ""
        _describe(host, hello, heard)
        try:
            user = join(session, host, hello.join_token, heard.wall)
        except BadJoin as error:
            self._drops.note("unapproved", heard.key)
            log.warning("%s does not join: %s", host.name, error)
            return f"{error}; an operator must approve this worker"
        self._joined = True
        details = {"token_of": user, "fingerprint": fingerprint(heard.key)}
        entry = NewEntry(heard.wall, user, "host.join", f"host {host.name}", hello.address, details)
        record(session, self._console.secret, entry)
        log.info("%s joins with a token of %s", host.name, user)
        return ""

    def _accepted(self, session: Session, host: Host, message: Accepted, heard: Heard) -> list[FromConsole]:
        accept_step(session, host, message.command_id, heard.wall)
        return []

    def _progress(self, session: Session, host: Host, message: Progress, heard: Heard) -> list[FromConsole]:
        progress_step(session, host, message)
        return []

    def _report(self, session: Session, host: Host, message: Report, heard: Heard) -> list[FromConsole]:
        settle_step(session, host, message, heard.wall)
        return [Noted(command_ids=[message.command_id])]

    def _event(self, session: Session, host: Host, event: TaskEvent, heard: Heard) -> list[FromConsole]:
        if (task := record_change(session, host, event)) is not None:
            note_end(session, host, task, event, heard.wall)
        peer = self._presence.peers[heard.key]
        fresh = peer.told.takes_one(event.status.task, event.revision) if event.revision else True
        if fresh and event.at >= peer.snapshot_clock:
            # Older events were already told by a snapshot; they are history only.
            apply_status(session, host, event.status, heard.wall)
        return [Noted(event_ids=[event.event_id])]

    def _states(self, session: Session, host: Host, message: TaskStates, heard: Heard) -> list[FromConsole]:
        if self._presence.peers[heard.key].told.takes_all(message.revision):
            apply_statuses(session, host, message.tasks, heard.wall)
        return []

    def _holds(self, session: Session, host: Host, message: Holds, heard: Heard) -> list[FromConsole]:
        host.packages = msgspec.to_builtins(message.packages)
        return []

    def _samples(self, session: Session, host: Host, message: Samples, heard: Heard) -> list[FromConsole]:
        peer = self._presence.peers[heard.key]
        if message.batch_id not in peer.taken:
            groups = in_our_time(message, peer.clock_offset)
            ingest(session, self._writer, host, Batch(host.name, message.batch_id), groups)
        return [Noted(batch_ids=[message.batch_id])]

    def _facts(self, session: Session, host: Host, message: Facts, heard: Heard) -> list[FromConsole]:
        take_facts(session, self._console.catalog, host, message.groups, heard.wall)
        return []


def approved_keys(session: Session) -> dict[str, tuple[int, str]]:
    """Key -> (host id, name) of every approved host."""
    rows = session.execute(select(Host.public_key, Host.id, Host.name).where(Host.state == HostState.APPROVED))
    return {key: (host_id, name) for key, host_id, name in rows}


def _replaced(host: Host) -> Welcome:
    """What a worker is told that still uses the key before its new one."""
    if host.state != HostState.APPROVED:
        return Welcome(host.state, f"an operator must approve this worker; it is {host.state}", host.name)
    at = utc_minute(host.key_since or 0)
    text = (
        f"this worker's key was changed at {at}; if the new one is lost, delete worker.key and worker.key.next below its"
        " root, start it again, and have an operator revoke the host and approve the new key"
    )
    return Welcome(HostState.PENDING, text, host.name, next_key=host.public_key)


def _describe(host: Host, hello: Hello, heard: Heard) -> None:
    """Keep what a hello tells. A name or address may be changed by an unapproved worker only: afterwards it is a label
    that an operator saw and approved.
    """
    if host.state != HostState.APPROVED:
        host.name, host.address = hello.name[:128], hello.address[:128]
    host.session, host.boot_id = hello.session[:64], hello.boot_id[:64]
    host.worker_version, host.worker_started = hello.version[:32], hello.worker_started
    host.worker_starts = hello.worker_starts
    host.clock_offset = hello.clock - heard.wall
    host.roots, host.facts = msgspec.to_builtins(hello.roots), msgspec.to_builtins(hello.facts)
    host.packages = msgspec.to_builtins(hello.packages)
    host.degraded = msgspec.to_builtins(hello.degraded)
    host.beat_at = heard.wall
