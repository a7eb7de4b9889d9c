"""An HTTP server that takes log files as the console does, and can be told to misbehave."""

import gzip
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from minos_common.verbs import SendLogArgs
from minos_common.words import TaskName


class LogTaker:
    """Keeps what comes in ``files``, by run. Attributes are how it behaves."""

    def __init__(self) -> None:
        self.ticket = "ticket-1"
        self.files: dict[str, bytearray] = {}
        self.sizes: dict[str, int] = {}
        self.statuses: list[int] = []  # codes of the next answers, before anything is taken
        self.lost: list[bool] = []  # whether the next answers are lost after the piece was taken
        self.message = "not wanted"
        self.pieces = 0
        self.on_piece = lambda: None
        taker = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = -1  # one packet an answer: otherwise each waits for a late acknowledgement

            def do_PUT(self) -> None:
                taker.take(self)

            def log_message(self, *_args: object) -> None:
                pass

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._http.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._http.shutdown()
        self._http.server_close()

    @property
    def whole(self) -> list[bytes]:
        """Files that are complete."""
        return [bytes(data) for run, data in self.files.items() if len(data) == self.sizes[run]]

    def wants(self, task: TaskName, name: str) -> SendLogArgs:
        """How a command asks for a file."""
        return SendLogArgs(task, name, f"http://127.0.0.1:{self._http.server_address[1]}/piece", self.ticket)

    def take(self, request: BaseHTTPRequestHandler) -> None:
        body = request.rfile.read(int(request.headers["Content-Length"]))
        self.pieces += 1
        if self.statuses:
            self._answer(request, self.statuses.pop(0), {"error": {"code": "x", "message": self.message}})
        elif request.headers.get("Authorization") != f"Bearer {self.ticket}":
            self._answer(request, 401, {"error": {"code": "x", "message": "no ticket"}})
        else:
            place = dict(parse_qsl(urlsplit(request.path).query))
            run, offset = place["run"], int(place["offset"])
            have = self.files.setdefault(run, bytearray())
            fits = offset == len(have)
            if fits:
                have += gzip.decompress(body)
                self.sizes[run] = int(place["size"])
            self.on_piece()
            if self.lost and self.lost.pop(0):
                request.close_connection = True
                request.connection.shutdown(2)
                return
            self._answer(request, 200 if fits else 409, {"next": len(have)})

    def _answer(self, request: BaseHTTPRequestHandler, code: int, said: dict[str, Any]) -> None:
        body = json.dumps(said).encode()
        request.send_response(code)
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        request.wfile.write(body)
        request.wfile.flush()
