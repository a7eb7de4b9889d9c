"""A web server that gives a file in parts, breaks off, redirects, and refuses, as it is told."""

import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Web:
    """Serves ``body`` at every path but those of ``redirects`` (path -> address)."""

    def __init__(self, body: bytes) -> None:
        self.body = body
        self.cuts: list[int] = []
        self.statuses: list[int] = []
        self.redirects: dict[str, str] = {}
        self.ranges = True
        self.etag = '"one"'
        self.answered: Callable[[], None] = lambda: None
        self.says_length = True
        self.asked: list[tuple[str, str | None]] = []
        web = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                web.answer(self)

            def log_message(self, *_args: object) -> None:
                pass

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_address[1]}"

    def close(self) -> None:
        self._http.shutdown()
        self._http.server_close()

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        wanted = request.headers.get("Range")
        self.asked.append((request.path, wanted))
        if self.statuses:
            request.send_response(self.statuses.pop(0))
            request.end_headers()
            return
        if request.path in self.redirects:
            request.send_response(302)
            request.send_header("Location", self.redirects[request.path])
            request.end_headers()
            return
        same = request.headers.get("If-Range", self.etag) == self.etag
        begin = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted and self.ranges and same else 0
        request.send_response(206 if begin else 200)
        if begin:
            request.send_header("Content-Range", f"bytes {begin}-{len(self.body) - 1}/{len(self.body)}")
        if self.etag:
            request.send_header("ETag", self.etag)
        if self.says_length:
            request.send_header("Content-Length", str(len(self.body) - begin))
        request.end_headers()
        body = self.body[begin:]
        request.wfile.write(body[: self.cuts.pop(0)] if self.cuts else body)
        self.answered()
