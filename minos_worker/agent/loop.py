"""The agent: the loop that owns the socket. It never touches the disk, so beats come whatever the disk does."""

import logging
import os
import queue
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass

import msgspec

from minos_common.version import VERSION
from minos_common.words import (
    Beat,
    BeatAnswer,
    Brake,
    Cancel,
    Command,
    Degraded,
    FromConsole,
    FromWorker,
    Hello,
    HostFacts,
    Noted,
    OutputNoted,
    Report,
    TaskEvent,
    TaskStates,
    TaskStatus,
    Welcome,
)
from minos_worker.agent.backlog import Backlog, Told
from minos_worker.agent.conversation import Conversation, Due
from minos_worker.agent.hands import Hands
from minos_worker.agent.link import Link
from minos_worker.agent.outbox import Outbox
from minos_worker.agent.peers import Peers
from minos_worker.agent.sampling import Sampler
from minos_worker.agent.spooling import Kept, Lent
from minos_worker.agent.threads import Threads
from minos_worker.agent.upkeep import Upkeep
from minos_worker.stats.batch import Batch
from minos_worker.verbs.work import Place

log = logging.getLogger(__name__)

BUSY_SECONDS = 60.0
"""So long the worker waits for what is under way before it starts again as another release."""
KEEPER_SECONDS = 5.0
KEYS_SECONDS = 2.0
"""At least so long between two changes of the key of a worker that is not approved, whatever the console says."""
_LINES_BUDGET = 200 * 1024
"""Bytes of last lines in one message with all tasks, so that it stays within the wire's limit."""


@dataclass(frozen=True)
class Identity:
    """What this worker says of itself in hello; ``starts`` counts its starts."""

    name: str
    address: str
    boot_id: str
    facts: HostFacts
    started: float
    starts: int
    join_token: str


class Agent:
    """The worker's main loop; ``run`` is the main thread's, everything else is safe from any thread."""

    def __init__(self, place: Place, identity: Identity, link: Link, threads: Threads | None = None) -> None:
        self._place, self._identity, self._link = place, identity, link
        self._threads = threads or Threads()
        self.welcomed_at = 0.0  # monotonic seconds of the last welcome as an approved worker
        self._inbox: queue.SimpleQueue[FromWorker | Told | None] = queue.SimpleQueue()
        self._wake = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
        self._ending = False
        self._session = uuid.uuid4().hex
        self._beats = 0
        self._leaving: float | None = None
        self._keys_changed_at = -KEYS_SECONDS
        self._states_changed = False
        self._outbox = Outbox()
        self._backlog = Backlog(place.settings, place.layout, identity.boot_id, self.tell)
        self._talk = Conversation(time.monotonic())
        if self._backlog.period is not None:
            self._talk.sample_seconds = self._backlog.period
        self._hands = Hands(place, self.tell, self._threads)
        self._sampler = Sampler(place, lambda: self._talk.sample_seconds, self.tell)
        self._upkeep = Upkeep(place, place.layout.worker, self.tell)
        self._peers = Peers(place, identity.address)
        self._handlers: dict[type, Callable[..., None]] = {
            Welcome: self._on_welcome,
            BeatAnswer: self._on_beat_answer,
            Command: self._hands.take,
            Cancel: lambda cancel: self._hands.cancel(cancel.command_id, cancel.attempt),
            Noted: self._on_noted,
            OutputNoted: lambda noted: place.clients.noted(noted.command_id, noted.next),
            Brake: self._on_brake,
        }

    def tell(self, message: FromWorker | Told | None) -> None:
        """Have the loop send a message or take what concerns figures; None: task statuses changed otherwise than by an event."""
        self._inbox.put(message)
        os.eventfd_write(self._wake, 1)

    def do(self, action: Callable[[], None]) -> None:
        """Have something done by a thread that may take its time."""
        self._hands.run(action)

    def end(self) -> None:
        """Let ``run`` return; tasks stay. Safe in a signal handler."""
        self._ending = True
        os.eventfd_write(self._wake, 1)

    def run(self) -> None:
        """Talk with the console until ``end``."""
        for event in self._place.journal.events():
            self._outbox.add(event)
        self._hands.resume()
        self._backlog.begin()
        keeping = self._threads.beside("keeper", self._place.keeper.run)
        self._threads.again("sampler", self._sampler)
        self._threads.again("upkeep", self._upkeep)
        self._peers.begin()
        self._identity.facts.peer_port = self._peers.port
        self._link.watch(self._wake)
        while not self._ending:
            try:
                self._turn()
            except Exception:  # no message and no console may end the worker
                log.exception("in the loop")
                time.sleep(0.1)
        self._sampler.end()
        self._upkeep.end()
        self._peers.end()
        self._place.keeper.end()
        self._backlog.end()
        keeping.join(KEEPER_SECONDS)
        self._link.close()

    def _turn(self) -> None:
        now = time.monotonic()
        connected, messages = self._link.poll(now, self._patience(now))
        now = time.monotonic()
        if connected:
            log.info("connected to the console at %s", self._link.endpoint)
            self._session = uuid.uuid4().hex
            self._talk.connected(now)
        for message in messages:
            self._handle(message, now)
        self._take_inbox()
        self._hands.sweep()
        self._backlog.look_after(now)
        self._talk.connecting(self._link.open_at)
        for due in self._talk.due(now):
            self._do(due, now)
        if self._talk.is_approved:
            self._send_owed(now)
        if self._place.releases.restart_asked.is_set():
            self._leave(now)

    def _leave(self, now: float) -> None:
        """End to start again as another release, once nothing is under way that would be torn by it."""
        if self._leaving is None:
            self._leaving = now
            self._hands.close(True)
        busy = self._hands.at_work()
        if not busy or self._place.releases.forced:
            self._ending = True
        elif now - self._leaving > BUSY_SECONDS:
            self._leaving = None
            self._hands.close(False)
            what = ", ".join(sorted(set(busy)))
            reason = f"{what} was still under way after {BUSY_SECONDS:.0f} s: try again when it is over"
            self._hands.run(lambda: self._place.releases.refuse_restart(reason))

    def _patience(self, now: float) -> float:
        """Seconds until something is due."""
        if not self._inbox.empty():
            return 0.0
        moment = self._talk.next_due()
        if self._talk.is_approved:
            owed = (self._outbox.next_due(), self._backlog.next_due(now))
            moment = min([moment, *(one for one in owed if one is not None)])
        return min(max(moment - now, 0.005), 1.0)

    def _handle(self, message: FromConsole, now: float) -> None:
        self._talk.heard(now)
        self._link.is_good()
        if isinstance(message, Command | Cancel | Noted | Brake) and not self._talk.is_approved:
            log.warning("%s before a welcome is not looked at", type(message).__name__)
            return
        self._handlers[type(message)](message)

    def _take_inbox(self) -> None:
        try:
            os.eventfd_read(self._wake)
        except BlockingIOError:
            return
        while not self._inbox.empty():
            message = self._inbox.get()
            if message is None:
                self._states_changed = True
            elif isinstance(message, Report | TaskEvent):
                self._outbox.add(message)
            elif isinstance(message, Batch | Kept | Lent):
                self._backlog.take(message, time.monotonic())
            elif self._talk.is_approved:
                self._link.send(message)

    def _send_owed(self, now: float) -> None:
        if self._states_changed and self._link.send(self._states()):
            self._states_changed = False
        for owed in self._outbox.due(now):
            if not self._link.send(owed.message):
                owed.due = now + 0.5
                return
            owed.sent(now)
        for one in self._backlog.due(now):
            if not self._link.send(one.batch.samples):
                one.due = now + 0.5
                return
            one.sent(now)

    def _do(self, due: Due, now: float) -> None:
        if due is Due.GIVE_UP:
            pause = self._link.give_up(now)
            log.warning("the console is silent: a new connection in %.1f s", pause)
        elif due is Due.HELLO:
            self._link.send(self._hello())
        elif due is Due.STATES:
            self._states_changed = True
        else:
            self._beats += 1
            self._backlog.clock.asked(self._beats, time.clock_gettime(time.CLOCK_BOOTTIME))
            self._link.send(
                Beat(
                    session=self._session,
                    number=self._beats,
                    clock=time.time(),
                    degraded=self._degraded(),
                    unreported=self._outbox.unreported,
                    spooled=len(self._backlog),
                    revision=self._place.keeper.revision,
                    brake=self._place.brake.kept,
                )
            )

    def _hello(self) -> Hello:
        identity = self._identity
        revision = self._place.keeper.revision  # before the statuses are read: they may be newer, never older
        at_work = self._hands.open_commands()
        self._take_inbox()  # what has ended since is owed now
        return Hello(
            name=identity.name,
            address=identity.address,
            session=self._session,
            version=VERSION,
            boot_id=identity.boot_id,
            worker_started=identity.started,
            roots=self._place.layout.roots(),
            facts=identity.facts,
            tasks=self._statuses(),
            clock=time.time(),
            worker_starts=identity.starts,
            revision=revision,
            join_token=identity.join_token,
            degraded=self._degraded(),
            open_commands=[*at_work, *self._outbox.reported],
            packages=self._upkeep.packages,
            brake=self._place.brake.kept,
        )

    def _degraded(self) -> list[Degraded]:
        return [*self._upkeep.degraded, *self._backlog.degraded()]

    def _states(self) -> TaskStates:
        revision = self._place.keeper.revision
        return TaskStates(self._session, self._statuses(), revision)

    def _on_beat_answer(self, answer: BeatAnswer) -> None:
        """A console that has not all we know is told it again: states may be lost or overtake each other."""
        self._backlog.clock.answered(answer.number, answer.clock, time.clock_gettime(time.CLOCK_BOOTTIME))
        if answer.revision not in (0, self._place.keeper.revision):
            self._states_changed = True

    def _on_brake(self, brake: Brake) -> None:
        """Obeyed at once; written down by a thread that may wait for the disk."""
        if self._place.brake.hear(brake):
            self._hands.write(lambda: self._place.brake.keep(self._place.journal))

    def _statuses(self) -> list[TaskStatus]:
        return trimmed(self._place.keeper.statuses(), _LINES_BUDGET)

    def _on_welcome(self, welcome: Welcome) -> None:
        now = time.monotonic()
        if self._talk.outdated(welcome):
            log.warning("%s is an engine from which another one has taken over: looking for that", self._link.endpoint)
            self._talk.connected(now)
            self._link.give_up(now)
            return
        if self._talk.welcomed(welcome, now):
            self.welcomed_at = now
            log.info("welcome: this is host %s to the console", welcome.host or self._identity.name)
            self._outbox.connected()
            self._backlog.connected()
            self._backlog.asked_for(self._talk.sample_seconds)
            if self._place.releases.trial is not None:
                self._hands.run(self._place.releases.keep)
            if self._place.keys.next is not None:
                pair = self._link.keys
                self._hands.run(lambda: self._place.keys.take_over(pair))
        elif not self._talk.is_approved:
            log.info("the console says %s: %s", welcome.state, welcome.message)
        self._change_keys(welcome, now)

    def _change_keys(self, welcome: Welcome, now: float) -> None:
        """Use the pair that the console expects; go back to the old one when that is not the one after all."""
        keys = self._place.keys
        wanted = keys.named(welcome.next_key) if welcome.next_key else None
        if wanted is None and not self._talk.is_approved and self._link.keys != keys.current:
            wanted = keys.current
        brakes = not self._talk.is_approved and now - self._keys_changed_at < KEYS_SECONDS  # the next hello comes soon
        if wanted is not None and wanted != self._link.keys and not brakes:
            self._keys_changed_at = now
            log.info("connecting with the key %s", wanted.public.decode())
            self._link.use(wanted)
            self._talk.connected(now)

    def _on_noted(self, noted: Noted) -> None:
        self._outbox.noted(noted.command_ids, noted.event_ids)
        self._backlog.noted(noted.batch_ids)
        if noted.command_ids and self._place.keys.next is not None:
            self._link.send(self._hello())  # the answer says whether the console has taken note of the next key
        self._hands.note(noted.command_ids, noted.event_ids)


def trimmed(statuses: list[TaskStatus], budget: int) -> list[TaskStatus]:
    """The statuses with their last lines cut so that all lines together stay within ``budget`` bytes."""
    talkative = [status for status in statuses if status.last_lines]
    if not talkative:
        return statuses
    share = budget // len(talkative)
    return [
        msgspec.structs.replace(status, last_lines=_last_within(status.last_lines, share))
        if status.last_lines
        else status
        for status in statuses
    ]


def _last_within(lines: list[str], budget: int) -> list[str]:
    kept: list[str] = []
    for line in reversed(lines):
        budget -= len(line.encode(errors="replace")) + 4
        if budget < 0:
            break
        kept.append(line)
    return kept[::-1]
