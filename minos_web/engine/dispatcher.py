"""The one thread that owns the ROUTER: hears workers, carries operations on, sends. docs/wire.md has the rules."""

import logging
import threading
import time
from typing import Any

import zmq
import zmq.auth
from sqlalchemy import update
from sqlalchemy.exc import OperationalError
from zmq.auth.thread import ThreadAuthenticator

from minos_common.wire import KeyPair, Malformed, keys_at, open_router, pack, unpack_from_worker
from minos_common.words import Beat, BeatAnswer, FromConsole, FromWorker, Hello, Welcome
from minos_web.console import Console
from minos_web.engine.braking import Brakes
from minos_web.engine.carrying import Carrying
from minos_web.engine.drops import Drops
from minos_web.engine.hearing import Heard, Hearing, approved_keys
from minos_web.engine.lease import EngineLease, LeaseLost
from minos_web.engine.presence import Presence
from minos_web.engine.waiting import Waiting
from minos_web.models.hosts import Host

log = logging.getLogger(__name__)

TICK = 0.2
"""Seconds between two looks at the table."""
MOST_FRAMES = 500
"""Messages taken from the socket at a time, so that a flood of beats cannot starve the rest."""
TOGETHER = 50
"""So many of them in one transaction: it is the engine's, and pages that write wait for it."""


class CannotListen(RuntimeError):
    """The endpoint for workers cannot be had; the text says which, and why."""


class Dispatcher:
    """Talks with all workers of one console. ``start`` returns once the endpoint is bound; ``stop`` waits for the end.

    ``drops`` tells what was dropped, by the reasons of minos_web.models.engine_counts. Without its ``lease`` it says nothing.
    """

    def __init__(self, console: Console, lease: EngineLease | None = None) -> None:
        self._console, self._lease = console, lease
        self.drops = Drops(console)
        self.ticked_at = 0.0
        self._presence = Presence()
        self._waiting = Waiting()
        self._brakes = Brakes()
        self._hearing = Hearing(console, self._presence, self.drops, self._brakes)
        self._carrying = Carrying(console, self._presence, self._brakes)
        self._context: zmq.Context[Any] = zmq.Context()
        self._authenticator = ThreadAuthenticator(self._context, log=logging.getLogger("minos_web.zap"))
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="dispatcher", daemon=True)
        self._router: zmq.Socket[Any] | None = None

    def start(self) -> None:
        """Bind and begin. Raises CannotListen when the endpoint is taken: another engine is at work."""
        keys = console_keys(self._console)
        # Every key may shake hands; who may say what is decided frame by frame against the approved keys, because a
        # key that is revoked later would keep its live connection otherwise.
        self._authenticator.start()
        self._authenticator.configure_curve(domain="*", location=zmq.auth.CURVE_ALLOW_ANY)
        try:
            self._router = open_router(self._context, self._console.settings.wire, keys)
        except zmq.ZMQError as error:
            self._authenticator.stop()
            self._context.destroy(linger=0)
            raise CannotListen(f"cannot listen on {self._console.settings.wire} (minos.wire): {error}") from error
        self._thread.start()
        log.info("engine listens for workers on %s", self._console.settings.wire)

    def stop(self) -> None:
        """End the thread and close everything."""
        self._stopping.set()
        self._thread.join(timeout=10)
        self._authenticator.stop()
        if self._router is not None:
            self._router.close(0)
        self._context.destroy(linger=0)

    def alive(self) -> bool:
        """Whether the thread looks at the table."""
        return self._thread.is_alive() and time.monotonic() - self.ticked_at < 30

    def _run(self) -> None:
        assert self._router is not None
        next_tick = 0.0
        while not self._stopping.is_set():
            if not self._may_speak():  # not even a beat is answered: workers shall go to the engine at work
                self.ticked_at = time.monotonic()
                self._stopping.wait(TICK)
                continue
            begin = time.monotonic()
            if begin >= next_tick:  # before the first frame too: only the table says who is approved
                self._guarded(self._tick)
                self._guarded(self.drops.flush)
                self.ticked_at = time.monotonic()
                # A look that takes long (thousands of open steps) leaves as much time for what workers say.
                next_tick = self.ticked_at + max(TICK, 2 * (self.ticked_at - begin))
            wait = 0.0 if len(self._waiting) else max(0.0, next_tick - time.monotonic())
            if self._router.poll(int(wait * 1000)):
                self._listen()
            if len(self._waiting):
                self._hear(self._waiting.take(TOGETHER, time.monotonic()))
        self._guarded(self.drops.flush, True)

    def _may_speak(self) -> bool:
        return self._lease is None or self._lease.holds()

    def _listen(self) -> None:
        """Take what is there from the socket. Beats are answered at once, whatever else waits: who hears nothing hangs up and
        comes again, and a crowd that does so is never done."""
        assert self._router is not None
        for _ in range(MOST_FRAMES):
            if self._waiting.is_full or not self._may_speak():
                return
            try:
                frames = self._router.recv_multipart(zmq.NOBLOCK, copy=False)
            except zmq.Again:
                return
            key = _proven_key(frames[-1])
            self._guarded(self._take, frames, key, key=key)

    def _take(self, frames: list[zmq.Frame], key: str) -> None:
        try:
            message = unpack_from_worker([f.bytes for f in frames[1:]])
        except Malformed as error:
            self.drops.note("malformed", key)
            log.debug("malformed frames from %s: %s", key, error)
            return
        if not key:
            self.drops.note("unapproved", key)
            return
        heard = Heard(key, frames[0].bytes, time.monotonic(), time.time())
        if isinstance(message, Beat) and key in self._presence.peers:
            self._answer_beat(message, heard)
        else:
            self._waiting.add(message, heard, len(frames[-1]))

    def _answer_beat(self, beat: Beat, heard: Heard) -> None:
        more_waits = self._waiting.has(heard.key)
        for answer in self._hearing.hear(beat, heard):
            if isinstance(answer, BeatAnswer) and more_waits:
                answer.revision = 0  # how far the table is with it now would only make it tell all again
            self._send(heard.route, heard.key, answer)

    def _hear(self, several: list[tuple[FromWorker, Heard]]) -> None:
        for message, heard in several:
            if not isinstance(message, Hello) and heard.key not in self._presence.peers:
                self.drops.note("unapproved", heard.key)
        if len(several) > 1:
            try:
                self._answer(several)
                return
            except Exception as error:  # the one that it was about must not keep the others from being heard
                log.info("%d messages are heard one by one: %s", len(several), type(error).__name__)
        for one in several:
            self._guarded(self._answer, [one], key=one[1].key)

    def _answer(self, several: list[tuple[FromWorker, Heard]]) -> None:
        answers = self._hearing.hear_together(several)
        for (_, heard), some in zip(several, answers, strict=True):
            for answer in some:
                self._send(heard.route, heard.key, answer)

    def _tick(self) -> None:
        with self._console.readers() as session:
            self._presence.approve_only(approved_keys(session))
            is_news = self._brakes.look(session)
        self._flush_beats()
        if is_news:  # before any command of this tick: who is let go on must know that
            self._tell_brake()
        self._hearing.welcome_joined()
        for outgoing in self._carrying.carry_on(time.time()):
            peer = self._presence.by_host(outgoing.host_id)
            if peer is not None and peer.route is not None:
                self._send(peer.route, peer.key, outgoing.message)

    def _tell_brake(self) -> None:
        """Whoever does not hear it now says so with its next beat, and is told again."""
        for peer in list(self._presence.peers.values()):
            if peer.route is not None:
                for message in self._brakes.owed(peer.brake):
                    self._send(peer.route, peer.key, message)

    def _flush_beats(self) -> None:
        """Beats go to the table together, not one write each."""
        changed = self._presence.changed()
        if not changed:
            return
        rows = [
            {
                "id": p.host_id,
                "beat_at": p.heard_at,
                "clock_offset": p.clock_offset,
                "brake_revision": p.brake,
                "degraded": [{"code": d.code, "message": d.message} for d in p.degraded],
            }
            for p in changed
        ]
        with self._console.writers.begin() as session:
            session.execute(update(Host), rows)

    def _send(self, route: bytes, key: str, message: FromConsole) -> None:
        assert self._router is not None
        if not self._may_speak():
            return
        if isinstance(message, Welcome) and self._lease is not None:
            message.epoch = self._lease.epoch
        try:
            self._router.send_multipart([route, *pack(message)], zmq.NOBLOCK)
        except zmq.ZMQError as error:
            # The worker has gone or does not read. Commands are repeated until acknowledged, so nothing is lost.
            self.drops.note("undeliverable", key)
            log.debug("cannot send %s: %s", type(message).__name__, error)

    def _guarded(self, act: Any, *args: Any, key: str = "") -> None:
        """One bad message or a locked database must not end the thread. ``key``: whose message it is."""
        try:
            act(*args)
        except LeaseLost:
            return  # the process ends by that
        except OperationalError as error:
            self.drops.note("broken", key)
            log.warning("the database did not let the engine work: %s", error.orig)
        except Exception:
            self.drops.note("broken", key)
            log.exception("the engine met an error of its own and goes on")


def console_keys(console: Console) -> KeyPair:
    """The console's CURVE keys, made at first call, with the public one beside for workers to copy."""
    keys = keys_at(console.var / "console.key")
    (console.var / "console.pub").write_bytes(keys.public + b"\n")
    return keys


def _proven_key(frame: zmq.Frame) -> str:
    """The CURVE key that the handshake proved, as Z85 text; empty when there is none."""
    try:
        return str(frame.get("User-Id"))
    except zmq.ZMQError:
        return ""
