"""An HTTP server that gives packages as the console does, and can be told to misbehave."""

import hashlib
import io
import tarfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from minos_common.verbs import PackageSource
from minos_common.words import PackageName


def tarball(files: dict[str, bytes], top: str = "zookeeper-3.9.3", kind: str = "gz") -> bytes:
    """A tarball whose files lie below one directory."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=f"w:{kind}") as archive:
        for name, data in files.items():
            member = tarfile.TarInfo(f"{top}/{name}" if top else name)
            member.size = len(data)
            member.mode = 0o755 if name.startswith("bin/") else 0o644
            archive.addfile(member, io.BytesIO(data))
    return out.getvalue()


class PackageServer:
    """Serves one body at every path. Attributes are how it behaves."""

    def __init__(self, body: bytes) -> None:
        self.body = body
        self.ticket = "ticket-1"
        self.cut_after: list[int] = []  # bytes after which the next answers break off
        self.statuses: list[int] = []  # codes of the next answers
        self.ranges = True
        self.hold = threading.Event()  # while set, nothing is sent after the first bytes
        self.extra = b""
        self.asked: list[str | None] = []  # Range header of every request
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                server.answer(self)

            def log_message(self, *_args: object) -> None:
                pass

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._http.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_address[1]}/package"

    def close(self) -> None:
        self.hold.clear()
        self._http.shutdown()
        self._http.server_close()

    def source(self, **changes: object) -> PackageSource:
        """How a prepare command names this package."""
        values: dict[str, object] = {
            "artifact": "zookeeper",
            "name": "zookeeper-3.9.3.tar.gz",
            "revision": "r1",
            "timestamp": "20260101-000000",
            "sha256": hashlib.sha256(self.body).hexdigest(),
            **changes,
        }
        size, ticket = values.pop("size", len(self.body)), values.pop("ticket", self.ticket)
        return PackageSource(PackageName(**values), size, self.url, ticket)  # type: ignore[arg-type]

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        self.asked.append(request.headers.get("Range"))
        if self.statuses:
            self._refuse(request, self.statuses.pop(0))
            return
        if request.headers.get("Authorization") != f"Bearer {self.ticket}":
            self._refuse(request, 401)
            return
        wanted = request.headers.get("Range")
        begin = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted and self.ranges else 0
        body = self.body[begin:] + self.extra
        request.send_response(206 if begin else 200)
        if begin:
            request.send_header("Content-Range", f"bytes {begin}-{len(self.body) - 1}/{len(self.body)}")
        if self.extra:
            request.send_header("Connection", "close")
            request.close_connection = True
        else:
            request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        self._send(request, body)

    def _send(self, request: BaseHTTPRequestHandler, body: bytes) -> None:
        cut = self.cut_after.pop(0) if self.cut_after else None
        piece = body if cut is None else body[:cut]
        request.wfile.write(piece[:1000])
        request.wfile.flush()
        while self.hold.is_set():
            if self.hold.wait(0.05):
                threading.Event().wait(0.05)
        request.wfile.write(piece[1000:])
        if cut is not None:
            request.wfile.flush()
            request.close_connection = True
            request.connection.shutdown(2)

    def _refuse(self, request: BaseHTTPRequestHandler, code: int) -> None:
        request.send_response(code)
        request.send_header("Content-Length", "0")
        request.end_headers()
