"""Status pages over real sockets."""

import http.server
import socket
import threading
import time
from collections.abc import Iterator

import pytest

from minos_common.verbs import StatusPage
from minos_worker.stats.pages import StatusPages
from minos_worker.stats.readers import PageFailed


class Page(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    connections: set[int] = set()

    def do_GET(self) -> None:
        self.connections.add(self.client_address[1])
        if self.path == "/drip":
            self.send_response(200)
            self.end_headers()
            for _ in range(1000):
                self.wfile.write(b" ")
                time.sleep(0.02)
        code = 500 if self.path == "/broken" else 302 if self.path == "/elsewhere" else 200
        body = b"oops" if code != 200 else b'{"znode_count": 5}'
        self.send_response(code)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Location", "http://127.0.0.1:1/")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: object) -> None:
        pass


@pytest.fixture
def address() -> Iterator[str]:
    Page.connections = set()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page)
    server.handle_error = lambda *_: None  # type: ignore[method-assign, assignment]
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield f"127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def test_connections_are_kept(address: str) -> None:
    pages = StatusPages()
    for _ in range(5):
        assert pages.read(StatusPage("zookeeper-admin", address, "/m"), 2.0).figures == {"znode_count": 5.0}
    assert len(Page.connections) == 1


@pytest.mark.parametrize(("path", "words"), [("/broken", "500"), ("/elsewhere", "302")])
def test_answers_that_are_no_page(address: str, path: str, words: str) -> None:
    with pytest.raises(PageFailed, match=words):
        StatusPages().read(StatusPage("zookeeper-admin", address, path), 2.0)


def test_a_page_that_drips_is_cut_off(address: str) -> None:
    begin = time.monotonic()
    with pytest.raises(PageFailed, match="too long"):
        StatusPages().read(StatusPage("zookeeper-admin", address, "/drip"), 0.5)
    assert time.monotonic() - begin < 1.5


def test_nobody_there() -> None:
    with pytest.raises(PageFailed, match="does not answer"):
        StatusPages().read(StatusPage("zookeeper-admin", "127.0.0.1:1", "/m"), 1.0)


def test_an_unknown_reader_is_named() -> None:
    with pytest.raises(PageFailed, match="jmx-of-mars"):
        StatusPages().read(StatusPage("jmx-of-mars", "127.0.0.1:1"), 1.0)


def test_the_second_port_is_asked_when_the_first_does_not_answer() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            connection, _ = server.accept()
            assert connection.recv(4) == b"mntr"
            connection.sendall(b"zk_znode_count\t9\n")
            connection.close()

        threading.Thread(target=answer, daemon=True).start()
        page = StatusPage("zookeeper-admin", "127.0.0.1:1", "/m", fallback_port=server.getsockname()[1])
        assert StatusPages().read(page, 2.0).figures == {"znode_count": 9.0}
