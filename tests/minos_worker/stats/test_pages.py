"""Status pages over real sockets."""

import http.server
import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from minos_common.facts import Fact
from minos_common.verbs import FactPage, StatusPage
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


@contextmanager
def a_server(page: type[Page]) -> Iterator[str]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), page)
    server.handle_error = lambda *_: None  # type: ignore[method-assign, assignment]
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield f"127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def address() -> Iterator[str]:
    Page.connections = set()
    with a_server(Page) as address:
        yield address


def test_a_connection_that_the_page_closed_meanwhile_is_made_anew() -> None:
    class Closing(Page):
        def do_GET(self) -> None:
            super().do_GET()
            self.close_connection = True  # without saying so in the answer

    Page.connections = set()
    with a_server(Closing) as address:
        pages = StatusPages()
        for _ in range(3):
            assert pages.read(StatusPage("zookeeper-admin", address), 5.0).figures == {"znode_count": 5.0}
    assert len(Closing.connections) == 3


def test_each_page_has_its_own_connection(address: str) -> None:
    class Other(Page):
        connections: set[int] = set()

    pages = StatusPages()
    with a_server(Other) as other:
        for _ in range(4):
            for one in (address, other):
                pages.read(StatusPage("zookeeper-admin", one), 5.0)
    assert len(Page.connections) == len(Other.connections) == 1


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


class BeanPage(Page):
    asked: list[str] = []

    def do_GET(self) -> None:
        self.asked.append(self.path)
        beans = [{"name": "Hadoop:service=NameNode,name=NameNodeActivity", "CreateFileOps": 4}]
        body = json.dumps({"beans": beans}).encode() if self.path != "/empty" else b"{}"
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture
def beans() -> Iterator[str]:
    BeanPage.asked = []
    with a_server(BeanPage) as address:
        yield address


def test_figures_and_facts_of_one_page_are_fetched_once(beans: str) -> None:
    facts = FactPage("hdfs-namenode", beans, "/jmx", kinds=("operation",))
    page = StatusPage("hadoop-jmx", beans, "/jmx", facts=(facts,))
    look = StatusPages().look(page, page.facts, 2.0)
    assert look.reading is not None and look.reading.figures == {"NameNodeActivity.CreateFileOps": 4.0}
    assert look.facts[0].kinds == {"operation": [Fact("CreateFile", {"count": 4.0}, {"operation": "CreateFile"})]}
    assert BeanPage.asked == ["/jmx"]


def test_each_page_fails_alone_and_says_why(beans: str) -> None:
    pages = [
        FactPage("hdfs-namenode", beans, "/other", kinds=("operation",)),
        FactPage("hdfs-namenode", beans, "/empty", kinds=("operation",)),
        FactPage("facts-of-mars", beans, "/jmx", kinds=("operation",)),
        FactPage("hdfs-namenode", "127.0.0.1:1", "/jmx", kinds=("operation",)),
    ]
    look = StatusPages().look(StatusPage("hadoop-jmx", "127.0.0.1:1", "/jmx"), pages, 2.0)
    assert look.reading is None and "does not answer" in look.error
    assert [bool(told.error) for told in look.facts] == [False, True, True, True]
    assert "not that of a Hadoop daemon" in look.facts[1].error and "facts-of-mars" in look.facts[2].error
