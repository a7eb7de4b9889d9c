"""The worker's socket and what happens to its connection. The only file of the worker that talks ZeroMQ."""

import logging
import random
import struct
from typing import Any

import zmq

from minos_common.wire import KeyPair, Malformed, open_dealer, pack, unpack_from_console
from minos_common.words import FromConsole, FromWorker

log = logging.getLogger(__name__)

LONGEST_PAUSE = 15.0
LONGEST_PAUSE_OF_SEVERAL = 4.0
"""Where there are several addresses, one of them is soon at work again."""
_REFUSALS = zmq.EVENT_HANDSHAKE_FAILED_AUTH | zmq.EVENT_HANDSHAKE_FAILED_PROTOCOL | zmq.EVENT_HANDSHAKE_FAILED_NO_DETAIL
_EVENT = struct.Struct("=HI")
"""First frame of a monitor's message, by zmq_socket_monitor(3): event and value. Read here, because the library's own
reader loads asyncio, and every worker of every host would carry it."""
_WATCHED = zmq.EVENT_HANDSHAKE_SUCCEEDED | zmq.EVENT_DISCONNECTED | zmq.EVENT_CONNECT_RETRIED | _REFUSALS


class Link:
    """A DEALER that is thrown away and made anew when the console is silent. For one thread only.

    libzmq's own reconnects have no jitter, stop for ever after some refusals and never slow down after others. ``endpoints``
    are the addresses of all engines of the console, with blanks between them: only one of them works, so that they are tried in
    turn.
    """

    def __init__(
        self, endpoints: str, keys: KeyPair, console_key: bytes, context: "zmq.Context[Any] | None" = None
    ) -> None:
        """``context``: one that several workers of a process share; without it the link has its own."""
        self._endpoints, self._keys, self._console_key = endpoints.split(), keys, console_key
        self._context: zmq.Context[Any] = context or zmq.Context()
        self._shares_context = context is not None
        self._socket: zmq.Socket[Any] | None = None
        self._monitor: zmq.Socket[Any] | None = None
        self._poller = zmq.Poller()
        self._failures = 0
        self._open_at = 0.0
        self.malformed = 0
        self.refusals = 0

    def watch(self, handle: int) -> None:
        """Let ``poll`` return as well when this descriptor is readable."""
        self._poller.register(handle, zmq.POLLIN)

    def poll(self, now: float, seconds: float) -> tuple[bool, list[FromConsole]]:
        """Wait up to ``seconds`` for something to do; (a connection was just made, messages that came).

        Opens the socket when its pause is over; ``now`` is monotonic.
        """
        if self._socket is None and now >= self._open_at:
            self._open()
        if self._socket is None:
            seconds = min(seconds, max(self._open_at - now, 0.0))
        self._poller.poll(int(max(seconds, 0.0) * 1000) + 1)
        return self._take_events(now), self._take_messages()

    def send(self, message: FromWorker) -> bool:
        """Hand a message to the connection; False when there is none. True does not mean that it arrives."""
        if self._socket is None:
            return False
        try:
            self._socket.send_multipart(pack(message), zmq.DONTWAIT)
        except zmq.Again:
            return False
        return True

    def give_up(self, now: float) -> float:
        """Drop the connection; it is made anew, to the next address, after a growing, jittered pause. Seconds of the pause."""
        self._close()
        self._failures += 1
        several = len(self._endpoints)
        self._endpoints = [*self._endpoints[1:], *self._endpoints[:1]]
        longest = LONGEST_PAUSE if several == 1 else LONGEST_PAUSE_OF_SEVERAL
        pause = min(longest, 0.5 * 2.0 ** min(self._failures // several, 10)) * random.uniform(0.5, 1.5)
        self._open_at = now + pause
        return pause

    @property
    def open_at(self) -> float:
        """When the connection was opened after its last pause, or will be."""
        return self._open_at

    @property
    def endpoint(self) -> str:
        """The address that is dialled now, or next."""
        return self._endpoints[0]

    @property
    def keys(self) -> KeyPair:
        """The pair that it proves to have."""
        return self._keys

    def use(self, keys: KeyPair) -> None:
        """Connect anew, at once, with another pair."""
        self._close()
        self._keys, self._open_at, self._failures = keys, 0.0, 0

    def is_good(self) -> None:
        """The console answered: the next pause begins short again."""
        self._failures = 0

    def close(self) -> None:
        """The end, without waiting for anything unsent."""
        self._close()
        if not self._shares_context:
            self._context.destroy(linger=0)

    def _open(self) -> None:
        self._socket = open_dealer(self._context, self._endpoints[0], self._keys, self._console_key)
        self._monitor = self._socket.get_monitor_socket(_WATCHED)
        self._poller.register(self._socket, zmq.POLLIN)
        self._poller.register(self._monitor, zmq.POLLIN)

    def _close(self) -> None:
        if self._socket is None:
            return
        assert self._monitor is not None
        self._poller.unregister(self._socket)
        self._poller.unregister(self._monitor)
        self._socket.disable_monitor()
        self._monitor.close(linger=0)
        self._socket.close(linger=0)
        self._socket = self._monitor = None

    def _take_events(self, now: float) -> bool:
        """Whether a connection was made. A handshake that fails is tried again later and later, never given up."""
        connected = refused = away = False
        while self._monitor is not None and self._monitor.poll(0):
            event = _EVENT.unpack(self._monitor.recv_multipart()[0])[0]
            connected = connected or event == zmq.EVENT_HANDSHAKE_SUCCEEDED
            refused = refused or bool(event & _REFUSALS)
            away = away or event in (zmq.EVENT_CONNECT_RETRIED, zmq.EVENT_DISCONNECTED)
        if refused and not connected:
            self.refusals += 1
            pause = self.give_up(now)
            log.warning("the console refuses the handshake (is console_key right?); next try in %.1f s", pause)
        elif away and not connected and len(self._endpoints) > 1:
            self.give_up(now)  # nobody listens there: the engine at work does so elsewhere
        return connected

    def _take_messages(self) -> list[FromConsole]:
        messages: list[FromConsole] = []
        while self._socket is not None and len(messages) < 100:
            try:
                frames = self._socket.recv_multipart(zmq.DONTWAIT)
            except zmq.Again:
                break
            try:
                messages.append(unpack_from_console(frames))
            except Malformed as error:
                self.malformed += 1
                if self.malformed.bit_count() == 1:  # the 1st, 2nd, 4th, 8th ...: a flood must not fill the log
                    log.warning("%d malformed messages so far; the last one: %s", self.malformed, error)
        return messages
