"""Hands blocks of packages to other hosts, over HTTP.

Whoever names a manifest's SHA-256 gets the blocks: the console tells it to hosts that are to have that package, and to
nobody else. Nothing but the bytes of block files can be asked for, and only ``Range`` requests within blocks that are here.
"""

import logging
import re
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from minos_worker.packages.block_file import BlockFile
from minos_worker.packages.pace import Pace
from minos_worker.packages.shelf import Shelf

log = logging.getLogger(__name__)

MOST_AT_ONCE = 8
"""Hosts that are served at the same time; others are told to ask elsewhere."""
MOST_CONNECTIONS = 64
LARGEST_ANSWER = 32 * 1024**2
SILENCE_SECONDS = 20.0
_PATH = re.compile(r"/blocks/([0-9a-f]{64})")
_RANGE = re.compile(r"bytes=(\d{1,15})-(\d{1,15})")
_PIECE = 256 * 1024


class PeerServer(ThreadingHTTPServer):
    """Listens on ``address`` until ``close``; ``port`` is the one it got. Raises OSError when it cannot."""

    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 64

    def __init__(self, address: str, port: int, shelf: Shelf, pace: Pace) -> None:
        self.shelf, self.pace = shelf, pace
        self.transfers = threading.BoundedSemaphore(MOST_AT_ONCE)
        self._connections = threading.BoundedSemaphore(MOST_CONNECTIONS)
        self.address_family = socket.AF_INET6 if ":" in address else socket.AF_INET
        super().__init__((address, port), _Handler)

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.server_address[1])

    def process_request(self, request: Any, client_address: Any) -> None:
        """One more connection, unless there are too many."""
        if not self._connections.acquire(blocking=False):
            self.shutdown_request(request)
            return
        super().process_request(request, client_address)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Serve a connection to its end."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._connections.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A connection that breaks is the other side's business."""
        log.debug("a connection of %s broke", client_address, exc_info=True)


class _Handler(BaseHTTPRequestHandler):
    server: PeerServer
    protocol_version = "HTTP/1.1"
    timeout = SILENCE_SECONDS
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        """Bytes of a block file."""
        path, wanted = _PATH.fullmatch(self.path), _RANGE.fullmatch(self.headers.get("Range", ""))
        file = self.server.shelf.find(path[1]) if path else None
        if file is None or wanted is None:
            self._refuse(404)
            return
        begin, end = int(wanted[1]), int(wanted[2]) + 1
        if end - begin > LARGEST_ANSWER or not file.covers(begin, end):
            self._refuse(416)
            return
        if not self.server.transfers.acquire(blocking=False):
            self._refuse(503)
            return
        try:
            self._send(file, begin, end)
        finally:
            self.server.transfers.release()

    def _send(self, file: BlockFile, begin: int, end: int) -> None:
        try:
            source = file.path.open("rb")
        except OSError:
            self._refuse(404)
            return
        with source:
            source.seek(begin)
            self.send_response(206)
            self.send_header("Content-Type", "application/octet-stream")
            self.send_header("Content-Length", str(end - begin))
            self.send_header("Content-Range", f"bytes {begin}-{end - 1}/{file.size}")
            self.end_headers()
            left = end - begin
            while left:
                piece = source.read(min(_PIECE, left))
                if not piece:
                    self.close_connection = True
                    return
                self.server.pace.take(len(piece))
                self.wfile.write(piece)
                left -= len(piece)

    def _refuse(self, code: int) -> None:
        self.send_response(code)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def version_string(self) -> str:
        """What it says it is."""
        return "minos-worker"

    def log_message(self, *_args: object) -> None:
        """Nothing of every request."""
