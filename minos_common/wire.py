"""How messages travel: frames, sockets with CURVE, key files. docs/wire.md tells the same in prose."""

import base64
import hashlib
import os
import random
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import zmq

from minos_common.words import FromConsole, FromWorker

WIRE_VERSION = 1
MARK = b"minos/1"
MAX_MESSAGE = 1024 * 1024
"""Bytes of one message; a peer that sends more is cut off by libzmq before we see it."""

_encoder = msgspec.msgpack.Encoder()
_from_worker = msgspec.msgpack.Decoder(FromWorker)
_from_console = msgspec.msgpack.Decoder(FromConsole)


class Malformed(ValueError):
    """Frames that are no message of this wire version."""


@dataclass(frozen=True)
class KeyPair:
    """CURVE keys as Z85 text (40 ASCII bytes each)."""

    public: bytes
    secret: bytes


def pack(message: FromWorker | FromConsole) -> list[bytes]:
    """Frames of a message, without any routing id."""
    return [MARK, _encoder.encode(message)]


def unpack_from_worker(frames: list[bytes]) -> FromWorker:
    """Message in the frames that a worker sent (routing id taken off). Raises Malformed."""
    return _unpack(frames, _from_worker)  # type: ignore[return-value]


def unpack_from_console(frames: list[bytes]) -> FromConsole:
    """Message in the frames that the console sent. Raises Malformed."""
    return _unpack(frames, _from_console)  # type: ignore[return-value]


def _unpack(frames: list[bytes], decoder: msgspec.msgpack.Decoder[Any]) -> object:
    if len(frames) != 2 or frames[0] != MARK:
        raise Malformed(f"{len(frames)} frames, or a mark other than {MARK.decode()}")
    try:
        return decoder.decode(frames[1])
    except (msgspec.DecodeError, msgspec.ValidationError, RecursionError) as error:
        raise Malformed(str(error)) from error


def raw(args: msgspec.Struct) -> msgspec.Raw:
    """Arguments of a command, encoded for its ``args`` field."""
    return msgspec.Raw(_encoder.encode(args))


def fingerprint(public: bytes | str) -> str:
    """Short text by which a person compares two keys: SHA-256 of the Z85 key, 5 groups of 4 base32 letters."""
    data = public.encode() if isinstance(public, str) else public
    letters = base64.b32encode(hashlib.sha256(data).digest())[:20].decode().lower()
    return "-".join(letters[i : i + 4] for i in range(0, 20, 4))


def keys_at(path: Path) -> KeyPair:
    """Key pair kept in ``path`` (two lines: public, secret); made at first call, mode 0600.

    Raises PermissionError when others may read the file.
    """
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _read_keys(path)
    pair = new_keys()
    with os.fdopen(handle, "wb") as file:
        file.write(key_file(pair))
        file.flush()
        os.fsync(file.fileno())
    return pair


def new_keys() -> KeyPair:
    """A key pair that nobody has."""
    return KeyPair(*zmq.curve_keypair())


def key_file(pair: KeyPair) -> bytes:
    """What the file of a key pair holds."""
    return pair.public + b"\n" + pair.secret + b"\n"


def _read_keys(path: Path) -> KeyPair:
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise PermissionError(f"{path} holds a secret key and others may read it: chmod 600 {path}")
    lines = path.read_bytes().split()
    if len(lines) != 2 or any(len(line) != 40 for line in lines):
        raise ValueError(
            f"{path} is not a key file: it should hold two lines of 40 characters; move it away to make new keys"
        )
    return KeyPair(lines[0], lines[1])


def open_router(context: zmq.Context[Any], endpoint: str, keys: KeyPair) -> zmq.Socket[Any]:
    """The console's socket, bound to ``endpoint``. Needs a ZAP handler in the same context (see the dispatcher).

    Raises zmq.ZMQError when the endpoint is taken.
    """
    router: zmq.Socket[Any] = context.socket(zmq.ROUTER)
    router.curve_server = True
    router.curve_publickey = keys.public
    router.curve_secretkey = keys.secret
    router.zap_domain = b"minos"
    # Without this an absent ZAP handler would let every key in (it fails open); with it, it fails closed.
    router.setsockopt(zmq.ZAP_ENFORCE_DOMAIN, 1)
    # Without MANDATORY a message to a worker that has gone vanishes without a word.
    router.router_mandatory = True
    router.setsockopt(zmq.ROUTER_HANDOVER, 0)
    router.linger = 0
    router.sndtimeo = 0
    router.set_hwm(1000)
    router.maxmsgsize = MAX_MESSAGE
    router.handshake_ivl = 5000
    router.backlog = 1024
    _heartbeat(router)
    router.bind(endpoint)
    return router


def open_dealer(context: zmq.Context[Any], endpoint: str, keys: KeyPair, console_key: bytes) -> zmq.Socket[Any]:
    """A worker's socket, dialling ``endpoint`` whose public key must be ``console_key``."""
    dealer: zmq.Socket[Any] = context.socket(zmq.DEALER)
    dealer.curve_publickey = keys.public
    dealer.curve_secretkey = keys.secret
    dealer.curve_serverkey = console_key
    dealer.linger = 0
    dealer.immediate = True
    dealer.set_hwm(1000)
    dealer.maxmsgsize = MAX_MESSAGE
    dealer.connect_timeout = 3000
    # libzmq has no jitter of its own: without a random start a thousand workers knock at the same instant.
    dealer.reconnect_ivl = random.randint(300, 1500)
    dealer.reconnect_ivl_max = 15000
    _heartbeat(dealer)
    dealer.connect(endpoint)
    return dealer


def _heartbeat(socket: zmq.Socket[Any]) -> None:
    """ZMTP heartbeats only close dead TCP connections; liveness comes from Beat and BeatAnswer."""
    socket.heartbeat_ivl = 5000
    socket.heartbeat_timeout = 15000
    socket.heartbeat_ttl = 20000
